// Answers each line, a request with the policies that apply to it, with IAM's decision.
import { createInterface } from 'node:readline';
import { runSimulation } from '@cloud-copilot/iam-simulate';

for await (const line of createInterface({ input: process.stdin })) {
  const { accountId, principal, action, resource, identityPolicies, resourcePolicy } = JSON.parse(line);
  const decision = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId },
        contextVariables: { 'aws:SecureTransport': 'true' },
      },
      identityPolicies: identityPolicies.map((policy, i) => ({ name: `policy ${i}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy,
    },
    {},
  );
  const { overallResult, errors } = decision;
  console.log(JSON.stringify({ allowed: overallResult === 'Allowed', errors }));
}
