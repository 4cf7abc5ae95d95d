import Digests
import Exemplars
import Foundation
import Subjects

/// Where a training is kept while it runs: the last two checkpoints, each a file that is there whole or not
/// at all, and a lock.
///
/// A checkpoint is written under another name, is on the disk before it gets its own, and only then is the
/// oldest one removed.
public final class CheckpointFolder: Sendable {
    /// When a checkpoint is due.
    public enum Interval: Hashable, Sendable {
        case steps(Int)
        case seconds(Double)

        /// What is lost at most by a kill is a coffee's time.
        public static let usual = Interval.seconds(600)
    }

    public let path: String
    public let interval: Interval
    private let lock: Int32

    private static let ending = ".checkpoint"
    private static let kept = 2

    /// The folder that belongs to a place where a dictionary is to be written.
    public static func path(for out: String) -> String {
        (out.hasSuffix("/") ? String(out.dropLast()) : out) + ".partial"
    }

    /// Makes the folder if it is not there, and keeps other processes from it.
    ///
    /// - Parameter resumes: whether to go on with what is there.
    /// - Throws: ``DictionaryError/unfinished(path:)`` if something is there and is not gone on with.
    public init(path: String, interval: Interval = .usual, resumes: Bool) throws(DictionaryError) {
        self.path = path
        self.interval = interval
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: path, reason: error.localizedDescription)
        }
        lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else {
            throw .unwritable(path: path, reason: String(cString: strerror(errno)))
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw .locked(path: path)
        }
        guard resumes || Self.names(in: path).isEmpty else {
            close(lock)
            throw .unfinished(path: path)
        }
        removeParts()
    }

    /// Removes what a killed process had begun to write.
    private func removeParts() {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in all where name.hasSuffix(Self.ending + ".new") {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
    }

    deinit { close(lock) }

    /// The checkpoints, oldest first.
    private static func names(in path: String) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return all.filter { $0.hasSuffix(ending) }.sorted()
    }

    /// The last checkpoint that was finished, or nil for none.
    var newestPath: String? { Self.names(in: path).last.map { path + "/" + $0 } }

    /// The newest checkpoint that is whole, or nil if there never was one.
    ///
    /// - Throws: ``DictionaryError/foreignState(reason:)`` if it is of another training, or
    ///   ``DictionaryError/damagedCheckpoint(path:reason:)`` if there are some and none is whole.
    func newest(of identity: Digest) throws(DictionaryError) -> CheckpointFile? {
        var failure: DictionaryError?
        for name in Self.names(in: path).reversed() {
            do throws(DictionaryError) {
                let file = try CheckpointFile(path: path + "/" + name)
                guard file.identity == identity.bytes else {
                    throw .foreignState(
                        reason: "model, data or numbers are not those that \(path) was begun with")
                }
                return file
            } catch {
                guard case .damagedCheckpoint = error else { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return nil
    }

    // MARK: Writing

    func begin(step: Int, _ identity: Digest) throws(DictionaryError) -> CheckpointWriter {
        let number = String(step)
        let padding = String(repeating: "0", count: max(0, 12 - number.count))
        return try CheckpointWriter(
            path: path + "/step-" + padding + number + Self.ending, identity)
    }

    /// Gives a whole checkpoint its name, and removes those before the last two.
    func finish(_ writer: CheckpointWriter) throws(DictionaryError) {
        try writer.finish()
        synchronise()
        for name in Self.names(in: path).dropLast(Self.kept) {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
    }

    func abandon(_ writer: CheckpointWriter) {
        try? FileManager.default.removeItem(atPath: writer.partPath)
    }

    /// So that a new name outlasts a loss of power; a system that cannot do it for folders goes without.
    private func synchronise() {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    /// Removes the folder: the training is finished, or never began.
    public func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Removes the folder if no checkpoint is in it.
    public func removeIfEmpty() { if Self.names(in: path).isEmpty { remove() } }
}

/// Says when the next checkpoint is due.
struct CheckpointClock {
    private let interval: CheckpointFolder.Interval?
    private var lastTime = ContinuousClock.now

    init(_ interval: CheckpointFolder.Interval?) { self.interval = interval }

    func isDue(_ step: Int) -> Bool {
        switch interval {
        case .steps(let count): step % count == 0
        case .seconds(let seconds): ContinuousClock.now - lastTime >= .seconds(seconds)
        case nil: false
        }
    }

    mutating func note(_ step: Int) { lastTime = .now }
}
