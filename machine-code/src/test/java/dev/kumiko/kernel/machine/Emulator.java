package dev.kumiko.kernel.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a multiplying program from its text, which {@link ReferenceTest} ties to its bytes: for
 * instructions that the processor at hand does not have. Memory outside what was added is a fault.
 */
final class Emulator {
  private static final Pattern ADDRESS =
      Pattern.compile("\\[(\\w+)(?:\\+(\\w+)\\*(\\d))?([+-]\\d+)?]");

  private record Block(long start, ByteBuffer bytes) {}

  private final Map<String, Long> registers = new HashMap<>();
  private final Map<Integer, ByteBuffer> vectors = new HashMap<>();
  private final List<Block> memory = new ArrayList<>();
  private final List<Long> stack = new ArrayList<>();
  private boolean below;
  private boolean zero;

  Emulator() {
    for (Register register : Register.values()) {
      registers.put(register.toString(), 1000L + registers.size());
    }
    for (int i = 0; i < 32; i++) {
      byte[] bytes = new byte[64];
      Arrays.fill(bytes, (byte) (i + 1));
      vectors.put(i, little(bytes));
    }
  }

  static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Adds memory far from all other and returns its address. */
  long add(byte[] bytes) {
    long start = 1_000_000_000L * (memory.size() + 1);
    memory.add(new Block(start, little(bytes)));
    return start;
  }

  /** Runs until the program returns, and checks that it has kept what functions keep. */
  void run(Program program, long... arguments) {
    List<String> names = List.of("rdi", "rsi", "rdx", "rcx", "r8", "r9");
    for (int i = 0; i < arguments.length; i++) {
      registers.put(names.get(i), arguments[i]);
    }
    List<String> kept = List.of("rbx", "rbp", "r12", "r13", "r14", "r15");
    List<Long> before = kept.stream().map(registers::get).toList();
    Map<String, Integer> labels = new HashMap<>();
    List<Assembler.Line> lines = program.lines();
    for (int i = 0; i < lines.size(); i++) {
      labels.put(lines.get(i).text().replace(":", ""), i);
    }
    int at = 0;
    while (!lines.get(at).text().equals("ret")) {
      String jump = step(lines.get(at).text());
      at = jump == null ? at + 1 : labels.get(jump);
    }
    if (!before.equals(kept.stream().map(registers::get).toList()) || !stack.isEmpty()) {
      throw new AssertionError(program + " does not keep the registers " + kept);
    }
  }

  /** Returns the label that is jumped to, or null. */
  private String step(String text) {
    String[] parts = text.replaceFirst("^\\{\\w+} ", "").split(" ", 2);
    String[] o = parts.length == 1 ? new String[0] : parts[1].split(", ");
    switch (parts[0]) {
      case "push" -> stack.add(registers.get(o[0]));
      case "pop" -> registers.put(o[0], stack.removeLast());
      case "mov" -> registers.put(o[0], registers.get(o[1]));
      case "lea" -> registers.put(o[0], address(o[1]));
      case "add" -> registers.merge(o[0], registers.get(o[1]), Long::sum);
      case "sub" -> {
        zero = registers.get(o[0]) == Long.parseLong(o[1]);
        registers.merge(o[0], -Long.parseLong(o[1]), Long::sum);
      }
      case "cmp" -> below = Long.compareUnsigned(registers.get(o[0]), Long.parseLong(o[1])) < 0;
      case "jb" -> {
        return below ? o[0] : null;
      }
      case "jae" -> {
        return below ? null : o[0];
      }
      case "jnz" -> {
        return zero ? null : o[0];
      }
      case "prefetcht0", "vzeroupper" -> {}
      default -> {
        if (!text.endsWith(":")) {
          vector(parts[0], o);
        }
      }
    }
    return null;
  }

  private void vector(String name, String[] o) {
    int bits = bits(o[0].contains("[") ? o[1] : o[0]);
    int size = bits / 8;
    if (o[0].contains("[")) {
      at(address(o[0]), size).put(0, vectors.get(number(o[1])), 0, size);
      return;
    }
    ByteBuffer to = vectors.get(number(o[0]));
    ByteBuffer last = operand(o[o.length - 1], name.contains("broadcast") ? 4 : size);
    ByteBuffer a = o.length == 3 ? vectors.get(number(o[1])) : last;
    byte[] bytes = new byte[64];
    ByteBuffer result = little(bytes);
    for (int i = 0; i < size; i += 4) {
      int value =
          switch (name) {
            case "vmovups" -> last.getInt(i);
            case "vbroadcastss", "vpbroadcastd" -> last.getInt(0);
            case "vpxor", "vpxord" -> a.getInt(i) ^ last.getInt(i);
            case "vpaddd" -> a.getInt(i) + last.getInt(i);
            case "vpaddw" ->
                words(
                    (short) (a.getShort(i) + last.getShort(i)),
                    (short) (a.getShort(i + 2) + last.getShort(i + 2)));
            case "vpmaddubsw" -> words(pair(a, last, i), pair(a, last, i + 2));
            case "vpmaddwd" ->
                a.getShort(i) * last.getShort(i) + a.getShort(i + 2) * last.getShort(i + 2);
            case "vpdpbusd" -> to.getInt(i) + twoProducts(a, last, i) + twoProducts(a, last, i + 2);
            case "vcvtdq2ps" -> Float.floatToRawIntBits((float) last.getInt(i));
            case "vmulps" -> Float.floatToRawIntBits(a.getFloat(i) * last.getFloat(i));
            case "vfmadd231ps" ->
                Float.floatToRawIntBits(Math.fma(a.getFloat(i), last.getFloat(i), to.getFloat(i)));
            case "vfmadd213ps" ->
                Float.floatToRawIntBits(Math.fma(a.getFloat(i), to.getFloat(i), last.getFloat(i)));
            default -> throw new AssertionError("no emulation of " + name);
          };
      result.putInt(i, value);
    }
    to.put(0, bytes);
  }

  private static int words(int low, int high) {
    return (low & 0xFFFF) | high << 16;
  }

  /** Two products, unsigned times signed, added to as much as 16 bits hold. */
  private static int pair(ByteBuffer a, ByteBuffer b, int i) {
    return Math.clamp(twoProducts(a, b, i), Short.MIN_VALUE, Short.MAX_VALUE);
  }

  private static int twoProducts(ByteBuffer a, ByteBuffer b, int i) {
    return (a.get(i) & 255) * b.get(i) + (a.get(i + 1) & 255) * b.get(i + 1);
  }

  private ByteBuffer operand(String text, int size) {
    return text.contains("[") ? at(address(text), size) : vectors.get(number(text));
  }

  private static int bits(String register) {
    return register.startsWith("xmm") ? 128 : register.startsWith("ymm") ? 256 : 512;
  }

  private static int number(String register) {
    return Integer.parseInt(register.substring(3));
  }

  private long address(String text) {
    Matcher m = ADDRESS.matcher(text);
    if (!m.find()) {
      throw new AssertionError(text);
    }
    long index = m.group(2) == null ? 0 : registers.get(m.group(2)) * Long.parseLong(m.group(3));
    long offset = m.group(4) == null ? 0 : Long.parseLong(m.group(4));
    return registers.get(m.group(1)) + index + offset;
  }

  private ByteBuffer at(long address, int size) {
    for (Block block : memory) {
      long from = address - block.start;
      if (from >= 0 && from + size <= block.bytes.capacity()) {
        return block.bytes.slice((int) from, size).order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    throw new AssertionError("%d bytes at %d lie in no memory".formatted(size, address));
  }
}
