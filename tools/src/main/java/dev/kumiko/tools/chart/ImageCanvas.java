package dev.kumiko.tools.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** Draws into an image, two of its pixels for each of the chart's. */
public final class ImageCanvas implements Canvas {
  private static final int SCALE = 2;

  static {
    System.setProperty("java.awt.headless", "true");
  }

  private final BufferedImage image;
  private final Graphics2D graphics;

  /**
   * Begins an image of so many pixels of the chart.
   *
   * @param width of the chart
   * @param height of the chart
   */
  public ImageCanvas(double width, double height) {
    image =
        new BufferedImage(
            (int) Math.ceil(SCALE * width),
            (int) Math.ceil(SCALE * height),
            BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.scale(SCALE, SCALE);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
  }

  @Override
  public void rectangle(
      double x, double y, double width, double height, double radius, String colour) {
    graphics.setColor(Color.decode(colour));
    graphics.fill(new RoundRectangle2D.Double(x, y, width, height, 2 * radius, 2 * radius));
  }

  @Override
  public void line(double x1, double y1, double x2, double y2, double width, String colour) {
    graphics.setColor(Color.decode(colour));
    graphics.setStroke(new BasicStroke((float) width));
    graphics.draw(new Line2D.Double(x1, y1, x2, y2));
  }

  @Override
  public void path(double[] x, double[] y, double width, String colour) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < x.length; i++) {
      if (i == 0) {
        path.moveTo(x[i], y[i]);
      } else {
        path.lineTo(x[i], y[i]);
      }
    }
    graphics.setColor(Color.decode(colour));
    graphics.setStroke(
        new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(path);
  }

  @Override
  public void circle(double x, double y, double radius, String colour) {
    graphics.setColor(Color.decode(colour));
    graphics.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
  }

  @Override
  public void text(
      double x, double y, String text, int size, boolean bold, Align align, String colour) {
    graphics.setColor(Color.decode(colour));
    graphics.setFont(new Font(Font.SANS_SERIF, bold ? Font.BOLD : Font.PLAIN, size));
    double width = graphics.getFontMetrics().stringWidth(text);
    graphics.drawString(text, (float) (align == Align.LEFT ? x : x - width), (float) y);
  }

  /**
   * {@return the image as PNG; nothing may be drawn afterwards}
   *
   * @throws IOException if it cannot be encoded
   */
  public byte[] png() throws IOException {
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }
}
