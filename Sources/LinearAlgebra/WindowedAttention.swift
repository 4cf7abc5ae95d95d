import COpenBLAS

/// Attention of one head's queries to ``KeyValues``, with its scratch space: causal or not, with a
/// sliding window or not, with capped scores or not.
///
/// The bits of a position's result depend on the positions it may see and on nothing else: not on
/// how many queries come together, so a text that grows token by token gives the same bits as the
/// whole text in one pass. Not safe for two threads at once.
public final class WindowedAttention {
    /// Which positions a query sees, and how scores are bent.
    public struct Shape: Hashable, Sendable {
        /// Whether a query sees only the positions up to its own; if not, it sees all.
        public var isCausal: Bool
        /// How many positions up to its own a query sees, or nil for all of them.
        public var window: Int?
        /// Scores become cap · tanh(score / cap) before the softmax, unless nil.
        public var softCap: Float?

        /// - Precondition: a window is above 0 and only in causal attention; a cap is above 0.
        public init(isCausal: Bool = true, window: Int? = nil, softCap: Float? = nil) {
            precondition(window.map { $0 > 0 && isCausal } ?? true, "window \(window ?? 0)")
            precondition(softCap.map { $0 > 0 } ?? true, "soft cap \(softCap ?? 0)")
            self.isCausal = isCausal
            self.window = window
            self.softCap = softCap
        }
    }

    private let paddedLength: Int
    private let paddedWidth: Int
    /// Of one block of queries, [query][key].
    private let scores: UnsafeMutablePointer<Float>
    /// Of one block of queries, [query][dimension].
    private let mixtures: UnsafeMutablePointer<Float>
    private let zeros: UnsafeMutablePointer<Float>

    /// How many queries are scored together: whole tiles of 6 and whole panels of 16.
    private static let block = 48

    /// Reserves about `48 · (capacity + headWidth)` floats.
    ///
    /// - Parameter capacity: the most positions that keys may have.
    public init(headWidth: Int, capacity: Int) {
        precondition(headWidth > 0 && capacity > 0, "attention \(headWidth) × \(capacity)")
        paddedLength = PackedMatrix.padded(capacity)
        paddedWidth = PackedMatrix.padded(headWidth)
        scores = KeyValues.zeros(Self.block * paddedLength)
        mixtures = KeyValues.zeros(Self.block * paddedWidth)
        zeros = KeyValues.zeros(max(paddedLength, paddedWidth))
    }

    deinit { for pointer in [scores, mixtures, zeros] { pointer.deallocate() } }

    /// output[i] = Σ over visible j of softmax(cap(query[i] · key[j])) · value[j].
    ///
    /// - Parameters:
    ///   - query: the last `query.count` positions of `memory`, [n × headWidth].
    ///   - output: [n × headWidth]; may be `query`.
    public func run(
        query: RowView, over memory: KeyValues, _ shape: Shape, into output: RowView
    ) {
        let width = memory.headWidth
        precondition(
            query.width == width && output.width == width && output.count == query.count
                && query.count <= memory.count && memory.count <= paddedLength
                && memory.paddedWidth == paddedWidth,
            "attention: \(query.count) × \(query.width) over \(memory.count) × \(width)")
        let before = memory.count - query.count
        var first = 0
        while first < query.count {
            let last = min(first + Self.block, query.count)
            attend(
                query.rows(first..<last), from: before + first, memory, shape,
                output.rows(first..<last))
            first = last
        }
    }

    /// The queries at the places `first...` against the keys that at least one of them sees.
    private func attend(
        _ query: RowView, from first: Int, _ memory: KeyValues, _ shape: Shape, _ output: RowView
    ) {
        let reach = shape.isCausal ? first + query.count : memory.count
        let start = Self.start(of: first, shape)
        let panels = (reach - start + 15) / 16
        let width = memory.headWidth
        cj_row_product(
            query.count, width, panels, query.base, query.stride,
            UnsafePointer(memory.keys + start * width), 0, zeros, scores, paddedLength, 0)
        if let cap = shape.softCap {
            let all = RowView(
                scores, count: query.count, width: panels * 16, stride: paddedLength)
            RowKernels.softCap(all, cap: cap)
        }
        for r in 0..<query.count {
            let end = shape.isCausal ? first + r + 1 : reach
            softmax(scores + r * paddedLength, of: first + r, start, end, panels, shape)
        }
        for c in stride(from: 0, to: paddedWidth, by: 16) {
            cj_row_product(
                query.count, reach - start, 1, scores, paddedLength,
                UnsafePointer(memory.values + (c * memory.capacity + start * 16)), 0, zeros,
                mixtures + c, paddedWidth, 0)
        }
        for r in 0..<query.count {
            output.row(r).update(from: mixtures + r * paddedWidth, count: width)
        }
    }

    /// The first position of the panel of 16 that holds the first position `query` sees.
    private static func start(of query: Int, _ shape: Shape) -> Int {
        shape.window.map { max(0, query - $0 + 1) & ~15 } ?? 0
    }

    /// Turns one query's scores into weights; those of unseen positions become exactly 0.
    ///
    /// Sums run over panels at absolute places, so they do not depend on the block's own start.
    private func softmax(
        _ row: UnsafeMutablePointer<Float>, of query: Int, _ start: Int, _ end: Int,
        _ panels: Int, _ shape: Shape
    ) {
        let skipped = Self.start(of: query, shape) - start
        let unseen = shape.window.map { max(0, query - $0 + 1) - start } ?? 0
        for c in skipped..<max(skipped, unseen) { row[c] = -1e30 }
        let own = row + skipped
        let scale =
            1
            / RowKernels.paddedExponentials(
                own, count: end - start - skipped, panels - skipped / 16)
        for panel in skipped / 16..<panels {
            store(load(row + panel * 16) * scale, row + panel * 16)
        }
        for c in 0..<unseen { row[c] = 0 }
    }
}
