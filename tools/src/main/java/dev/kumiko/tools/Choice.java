package dev.kumiko.tools;

import dev.kumiko.LongText;
import dev.kumiko.Precision;
import dev.kumiko.format.Composition.Assignment;
import dev.kumiko.format.Pooling;
import dev.kumiko.model.Similarity;
import dev.kumiko.tools.convert.Variant;
import dev.kumiko.tools.convert.WeightType;
import dev.kumiko.train.data.Mixing;
import dev.kumiko.train.optimize.Schedule;
import dev.kumiko.train.student.ThinStudent;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Choices are written in lower case with hyphens: {@code mean-sqrt-len}. */
final class Choice<E extends Enum<E>> implements ITypeConverter<E> {
  private final Class<E> type;

  private Choice(Class<E> type) {
    this.type = type;
  }

  static void registerAll(CommandLine line) {
    line.registerConverter(Assignment.class, new Choice<>(Assignment.class));
    line.registerConverter(DistilOptions.Kind.class, new Choice<>(DistilOptions.Kind.class));
    line.registerConverter(ThinStudent.Table.class, new Choice<>(ThinStudent.Table.class));
    line.registerConverter(LossOptions.Kind.class, new Choice<>(LossOptions.Kind.class));
    line.registerConverter(Mixing.class, new Choice<>(Mixing.class));
    line.registerConverter(Schedule.Shape.class, new Choice<>(Schedule.Shape.class));
    line.registerConverter(LongText.class, new Choice<>(LongText.class));
    line.registerConverter(PruneCommand.Cut.class, new Choice<>(PruneCommand.Cut.class));
    line.registerConverter(PrecisionOption.Word.class, new Choice<>(PrecisionOption.Word.class));
    line.registerConverter(Precision.class, new Choice<>(Precision.class));
    line.registerConverter(Pooling.class, new Choice<>(Pooling.class));
    line.registerConverter(Similarity.class, new Choice<>(Similarity.class));
    line.registerConverter(Variant.class, new Choice<>(Variant.class));
    line.registerConverter(VectorFormat.class, new Choice<>(VectorFormat.class));
    line.registerConverter(WeightType.class, new Choice<>(WeightType.class));
  }

  static String name(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public E convert(String value) {
    String wanted = value.toLowerCase(Locale.ROOT);
    return Arrays.stream(type.getEnumConstants())
        .filter(choice -> name(choice).equals(wanted))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("'" + value + "' is none of " + names()));
  }

  private String names() {
    return String.join(", ", Arrays.stream(type.getEnumConstants()).map(Choice::name).toList());
  }
}
