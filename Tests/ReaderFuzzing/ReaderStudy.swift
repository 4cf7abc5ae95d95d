import Foundation
import LinearAlgebra

/// A reader of files that are downloaded, and good files to damage.
public struct Reader: Sendable {
    public enum Outcome: Sendable {
        case accepted
        case refused
    }

    public let name: String
    let seeds: [Seed]
    let donors: [UInt8]
    /// Reads the damaged file at a path, and uses what it gives.
    let read: @Sendable (_ path: String) -> Outcome

    /// A good file, and the files round it.
    struct Seed: Sendable {
        let anatomy: Anatomy
        /// A folder to copy first, or nil if the file stands alone.
        let folder: String?
        /// The damaged file's name, within the folder if there is one.
        let file: String
        /// What to read: the file, or the folder it lies in.
        let readsFolder: Bool
    }
}

/// Damaged files given to one reader, one after the other, with time and memory measured.
public struct ReaderStudy {
    public struct Figures: Sendable {
        public var inputs = 0
        public var accepted = 0
        public var refused = 0
        /// In computed time.
        public var slowestSeconds = 0.0
        public var slowestInput = 0
        /// The most memory that reading one input took, beyond what was held before.
        public var peakGrowth = 0
        public var peakInput = 0
        public var peakInputSize = 0
        /// Inputs that took more memory than ``ReaderStudy/allowance(forSize:)``.
        public var excesses: [Int] = []
    }

    /// Bytes that may be held at once for an input of that many bytes, with the files beside it.
    ///
    /// JSON values take up to 64 times their text, a dictionary's scratch space 48 rows of latents
    /// and packed weights; 8 MiB are for what does not depend on the file.
    public static func allowance(forSize size: Int) -> Int { 8 << 20 + 64 * size }

    let reader: Reader
    let work: String
    let seed: UInt64
    /// Called with each input's number before it is read.
    let willRead: (Int) -> Void

    public init(
        _ reader: Reader, work: String, seed: UInt64, willRead: @escaping (Int) -> Void = { _ in }
    ) {
        self.reader = reader
        self.work = work
        self.seed = seed
        self.willRead = willRead
    }

    /// Reads inputs by their numbers; an input depends on the seed and its number alone.
    public func run(_ numbers: Range<Int>) throws -> Figures {
        var figures = Figures()
        let places = try reader.seeds.indices.map { try prepare($0) }
        for number in numbers {
            let n = number % reader.seeds.count
            let bytes = input(number)
            try Data(bytes).write(to: URL(fileURLWithPath: places[n].file))
            willRead(number)
            MemoryGauge.forgetPeak()
            let before = MemoryGauge.read().now
            let start = Self.processorSeconds
            let outcome = reader.read(places[n].target)
            let seconds = Self.processorSeconds - start
            let growth = MemoryGauge.read().peak - before
            figures.add(
                outcome, number, seconds, growth, size: bytes.count + places[n].otherSize)
        }
        return figures
    }

    /// Computed time of this thread: a busy machine must not make an input look slow.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// The bytes of an input.
    public func input(_ number: Int) -> [UInt8] {
        let seeds = reader.seeds
        var mutator = Mutator(seed: seed, stream: UInt64(number), donors: reader.donors)
        let other = seeds[mutator.generator.below(seeds.count)].anatomy
        return seeds[number % seeds.count].anatomy.damaged(by: &mutator, other: other)
    }

    /// Where the damaged file goes, what is read, and how large the files beside it are.
    private func prepare(_ n: Int) throws -> (file: String, target: String, otherSize: Int) {
        let seed = reader.seeds[n]
        guard let source = seed.folder else {
            let file = "\(work)/\(reader.name)-\(n)-\(seed.file)"
            return (file, file, 0)
        }
        // The name stays last: some formats read the module out of it.
        let parent = "\(work)/\(reader.name)-\(n)"
        let folder = parent + "/" + (source.split(separator: "/").last.map(String.init) ?? "")
        try FileManager.default.createDirectory(
            atPath: parent, withIntermediateDirectories: true)
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.copyItem(atPath: source, toPath: folder)
        let file = folder + "/" + seed.file
        var size = 0
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder)
        where name != seed.file {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            if attributes[.type] as? FileAttributeType == .typeRegular {
                size += attributes[.size] as? Int ?? 0
            }
        }
        return (file, seed.readsFolder ? folder : file, size)
    }
}

extension ReaderStudy.Figures {
    fileprivate mutating func add(
        _ outcome: Reader.Outcome, _ number: Int, _ seconds: Double, _ growth: Int, size: Int
    ) {
        inputs += 1
        switch outcome {
        case .accepted: accepted += 1
        case .refused: refused += 1
        }
        if seconds > slowestSeconds { (slowestSeconds, slowestInput) = (seconds, number) }
        if growth > peakGrowth { (peakGrowth, peakInput, peakInputSize) = (growth, number, size) }
        if growth > ReaderStudy.allowance(forSize: size) { excesses.append(number) }
    }
}
