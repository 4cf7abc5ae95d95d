import Foundation
import ReaderFuzzing

/// Gives damaged files to a reader; the program behind `Benchmarks/fuzz.sh`.
///
///     readers-fuzz TESTS WORK list
///     readers-fuzz TESTS WORK READER SEED FIRST COUNT
///
/// Prints one line of figures. A crash, or an input that takes too long, ends the process; the file
/// `WORK/last` then holds the number of the input. The exit code is 1 if an input took more
/// memory than it may.
@main
struct ReadersFuzz {
    static func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(2)
        }
    }

    private static func run(_ arguments: [String]) throws {
        guard arguments.count >= 3 else { throw CocoaError(.featureUnsupported) }
        let readers = try Readers(tests: arguments[0]).all()
        if arguments[2] == "list" {
            for reader in readers { print(reader.name) }
            return
        }
        guard arguments.count == 6, let reader = readers.first(where: { $0.name == arguments[2] }),
            let seed = UInt64(arguments[3]), let first = Int(arguments[4]),
            let count = Int(arguments[5])
        else { throw CocoaError(.featureUnsupported) }
        limitMemory()
        let last = open(arguments[1] + "/last", O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        let study = ReaderStudy(reader, work: arguments[1], seed: seed) { number in
            limitTime()
            let text = "\(number)\n"
            _ = text.withCString { pwrite(last, $0, text.utf8.count, 0) }
        }
        let figures = try study.run(first..<first + count)
        print(line(reader.name, figures))
        if let excess = figures.excesses.first {
            print("\(figures.excesses.count) inputs took too much memory, the first is \(excess)")
            exit(1)
        }
    }

    /// Ends the process if an input computes for 20 seconds, or waits for 10 minutes.
    private static func limitTime() {
        var timer = itimerval()
        timer.it_value.tv_sec = 20
        setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
        alarm(600)
    }

    /// Memory that is asked for and not touched shows in no peak: the address space is bounded too,
    /// and an allocation beyond it ends the process.
    private static func limitMemory() {
        let space =
            (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))
            .flatMap { $0.split(separator: " ").first.flatMap { Int($0) } } ?? 0
        let bytes = rlim_t(space * Int(getpagesize()) + 1 << 30)
        var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    }

    private static func line(_ name: String, _ figures: ReaderStudy.Figures) -> String {
        String(
            format: "%-18@ %8d %9d %9d %10.3f %10d %9.1f %10d", name as NSString, figures.inputs,
            figures.accepted, figures.refused, figures.slowestSeconds, figures.slowestInput,
            Double(figures.peakGrowth) / 1_048_576, figures.peakInputSize)
    }
}
