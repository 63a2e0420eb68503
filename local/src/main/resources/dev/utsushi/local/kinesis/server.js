// LocalKinesis runs this with `node -e`, the path of kinesis-local's main.js and a directory.
// It makes the server listen on loopback only, on free ports, writes the plain one to standard
// output when the server listens, and ends with its input, so that it never outlives its parent.
const [, main, directory] = process.argv;
const fs = require('fs');
const net = require('net');

// Not a port that is used: it tells the two servers apart.
const PLAIN = 1;
process.env.KINESIS_MOCK_PLAIN_PORT = String(PLAIN);

// A server that hangs must not hang its parent.
const hanging = setTimeout(() => process.exit(1), 60000);

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, listening) {
  return listen.call(this, { port: 0, host: '127.0.0.1' }, () => {
    listening();
    if (port === PLAIN) {
      clearTimeout(hanging);
      process.stdout.write(this.address().port + '\n');
      // Its reader closes it after that line.
      process.stdout.write = process.stderr.write.bind(process.stderr);
    }
  });
};
console.log = console.info = console.debug = console.error;

process.on('uncaughtException', (error) => console.error(error));
const end = () => {
  try {
    fs.rmSync(directory, { recursive: true, force: true });
  } finally {
    // The server's own end, which a signal to the process group starts, waits for its clients.
    process.kill(process.pid, 'SIGKILL');
  }
};
process.stdin.on('end', end).on('error', end).on('close', end).resume();
require(main);
