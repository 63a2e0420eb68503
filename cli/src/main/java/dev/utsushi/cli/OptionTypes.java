package dev.utsushi.cli;

import dev.utsushi.loadtest.plan.LagTarget;
import dev.utsushi.loadtest.simulation.InvocationTime;
import dev.utsushi.loadtest.traffic.ItemSize;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.WriteMix;
import dev.utsushi.loadtest.units.DurationText;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The types of option values that have a text form of their own. */
final class OptionTypes {
  private OptionTypes() {}

  /** Registers them for a command and all of its subcommands. */
  static void register(CommandLine commandLine) {
    commandLine
        .registerConverter(Duration.class, converter(DurationText::parse))
        .registerConverter(KeyDistribution.class, converter(KeyDistribution::parse))
        .registerConverter(WriteMix.class, converter(WriteMix::parse))
        .registerConverter(ItemSize.class, converter(ItemSize::parse))
        .registerConverter(LagTarget.class, converter(LagTarget::parse))
        .registerConverter(InvocationTime.class, converter(InvocationTime::parse));
  }

  /** Passes on the parser's message, which picocli would otherwise hide behind its own. */
  private static <T> ITypeConverter<T> converter(Function<String, T> parser) {
    return text -> {
      try {
        return parser.apply(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    };
  }
}
