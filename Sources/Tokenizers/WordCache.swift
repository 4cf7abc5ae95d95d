import Foundation

/// The tokens of words met lately, within bounds: what does not fit is worked out anew, so that the
/// cache never changes a result.
final class WordCache {
    private struct Entry {
        var hash: UInt32
        var start: Int32
        var length: Int32
        var firstToken: Int32
        var tokenCount: Int32
    }

    private var entries: [Entry]
    private var bytes: [UInt8] = []
    private var tokens: [ModelToken] = []

    private static let slotCount = 1 << 15
    private static let byteLimit = 1 << 20
    /// A longer word is not likely to come again.
    private static let wordLimit = 64

    init() { entries = Array(repeating: Self.free, count: Self.slotCount) }

    private static let free = Entry(
        hash: 0, start: 0, length: -1, firstToken: 0, tokenCount: 0)

    /// Appends the tokens of a word if they are known.
    func find(
        _ word: UnsafeBufferPointer<UInt8>, _ hash: UInt32, _ result: inout [ModelToken]
    ) -> Bool {
        let entry = entries[Int(hash) & (Self.slotCount - 1)]
        guard entry.hash == hash, Int(entry.length) == word.count else { return false }
        let start = Int(entry.start)
        for at in 0..<word.count where bytes[start + at] != word[at] { return false }
        let first = Int(entry.firstToken)
        for at in first..<first + Int(entry.tokenCount) { result.append(tokens[at]) }
        return true
    }

    func insert(
        _ word: UnsafeBufferPointer<UInt8>, _ hash: UInt32, _ found: ArraySlice<ModelToken>
    ) {
        guard word.count <= Self.wordLimit else { return }
        if bytes.count > Self.byteLimit { clear() }
        entries[Int(hash) & (Self.slotCount - 1)] = Entry(
            hash: hash, start: Int32(bytes.count), length: Int32(word.count),
            firstToken: Int32(tokens.count), tokenCount: Int32(found.count))
        bytes.append(contentsOf: word)
        tokens.append(contentsOf: found)
    }

    private func clear() {
        entries = Array(repeating: Self.free, count: Self.slotCount)
        bytes.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
    }
}

/// Caches for as many callers as encode at once.
final class WordCachePool: @unchecked Sendable {
    // Sendable because the list is touched under the lock only, and a cache that was taken from it
    // is its taker's alone.
    private let lock = NSLock()
    private var idle: [WordCache] = []

    func take() -> WordCache {
        lock.lock()
        defer { lock.unlock() }
        return idle.popLast() ?? WordCache()
    }

    func giveBack(_ cache: WordCache) {
        lock.lock()
        defer { lock.unlock() }
        if idle.count < 16 { idle.append(cache) }
    }
}
