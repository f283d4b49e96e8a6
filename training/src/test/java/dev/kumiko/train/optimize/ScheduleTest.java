package dev.kumiko.train.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.format.Json;
import dev.kumiko.train.TrainingFixture;
import dev.kumiko.train.optimize.Schedule.Shape;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {
  @ParameterizedTest
  @EnumSource(names = {"LINEAR", "COSINE"})
  void equalsTransformers(Shape shape) throws Exception {
    Json schedules = TrainingFixture.open("operations").facts().get("schedules");
    List<Json> expected = schedules.get(shape.name().toLowerCase(Locale.ROOT)).items();
    assertEquals(12, expected.size());
    Schedule schedule = new Schedule(shape, 3, 12);
    for (int step = 0; step < 12; step++) {
      assertEquals(expected.get(step).asDouble(), schedule.factor(step), 1e-15);
    }
    assertEquals(0, schedule.factor(12));
    assertEquals(0, schedule.factor(20));
  }

  @Test
  void aConstantRateStaysAfterItsWarmUp() {
    Schedule schedule = new Schedule(Shape.CONSTANT, 2, 5);
    assertEquals(0, schedule.factor(0));
    assertEquals(0.5, schedule.factor(1));
    assertEquals(1, schedule.factor(2));
    assertEquals(1, schedule.factor(100));
  }

  @Test
  void aWarmUpIsAShareOrANumberOfSteps() {
    assertEquals(36, Schedule.of(Shape.LINEAR, 0.1, 360).warmup());
    assertEquals(1, Schedule.of(Shape.LINEAR, 0.1, 3).warmup());
    assertEquals(0, Schedule.of(Shape.LINEAR, 0, 3).warmup());
    assertEquals(300, Schedule.of(Shape.LINEAR, 300, 1000).warmup());
    assertEquals(1, Schedule.of(Shape.LINEAR, 0, 3).factor(0));
    assertThrows(IllegalArgumentException.class, () -> Schedule.of(Shape.LINEAR, 4, 3));
    assertThrows(IllegalArgumentException.class, () -> Schedule.of(Shape.LINEAR, -0.1, 3));
    assertThrows(IllegalArgumentException.class, () -> Schedule.of(Shape.LINEAR, 1.5, 3));
    assertThrows(IllegalArgumentException.class, () -> Schedule.of(Shape.LINEAR, Double.NaN, 3));
    assertThrows(IllegalArgumentException.class, () -> new Schedule(Shape.LINEAR, 0, 0));
  }
}
