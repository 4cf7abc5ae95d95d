import Foundation

/// How much memory the process holds, and the most it has held since it was last asked to forget.
public enum MemoryGauge {
    /// Bytes resident now and at most.
    public struct Reading: Sendable {
        public let now: Int
        public let peak: Int
    }

    public static func read() -> Reading {
        guard let file = fopen("/proc/self/status", "r") else { return Reading(now: 0, peak: 0) }
        defer { fclose(file) }
        var (now, peak) = (0, 0)
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, 256, file) != nil {
            let text = line.withUnsafeBufferPointer { buffer in
                String(
                    decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self
                )
            }
            func kilobytes() -> Int { Int(text.filter(\.isNumber)) ?? 0 }
            if text.hasPrefix("VmHWM:") { peak = kilobytes() * 1024 }
            if text.hasPrefix("VmRSS:") {
                now = kilobytes() * 1024
                break
            }
        }
        return Reading(now: now, peak: peak)
    }

    /// Sets the peak to what is resident now; without effect where the system does not allow it.
    public static func forgetPeak() {
        guard let file = fopen("/proc/self/clear_refs", "w") else { return }
        fputs("5", file)
        fclose(file)
    }
}
