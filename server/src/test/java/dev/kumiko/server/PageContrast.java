package dev.kumiko.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import java.util.List;

/** Whether text stands out from what is behind it. */
final class PageContrast {
  /** WCAG 2.2, AA: text against what is behind it. */
  private static final double ENOUGH = 4.5;

  /** The worst contrast of text that can be seen, and the text. */
  private static final String WORST =
      """
      () => {
        const rgb = color => color.match(/[\\d.]+/g).map(Number);
        const luminance = color => {
          const [r, g, b] = rgb(color).map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const behind = element => {
          const color = getComputedStyle(element).backgroundColor;
          return rgb(color)[3] === 0 ? behind(element.parentElement) : color;
        };
        let worst = [21, ""];
        for (const element of document.body.querySelectorAll("*")) {
          const text = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
          if (element.checkVisibility() && (text || element.value)) {
            const both = [luminance(getComputedStyle(element).color), luminance(behind(element))];
            const contrast = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
            worst = contrast < worst[0] ? [contrast, element.outerHTML] : worst;
          }
        }
        return worst;
      }
      """;

  private static final String EVERY_SHADE =
      """
      async () => {
        const cells = [...document.querySelectorAll("td[data-similarity]")];
        cells.forEach((cell, i) => cell.dataset.similarity = i / (cells.length - 1));
        (await import("/page/heat-map.js")).shadeAll();
      }
      """;

  private PageContrast() {}

  /** Gives the cells of the heat map the similarities from 0 to 1. */
  static void showEveryShade(Page page) {
    page.evaluate(EVERY_SHADE);
  }

  static void check(Page page) {
    List<?> worst = (List<?>) page.evaluate(WORST);
    assertTrue(((Number) worst.getFirst()).doubleValue() >= ENOUGH, worst.toString());
  }
}
