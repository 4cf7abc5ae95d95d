import Dispatch
import LinearAlgebra

/// Measures a dictionary's latents on token sequences: model, place, dictionary and directions.
///
/// A sequence's readings are the same bits in whatever batch, order and number of threads it is
/// measured; ``hashIdentity(_:)`` covers all that determines them.
public struct ActivationMeter: Sendable {
    /// What is measured at one position.
    public struct Reading: Sendable, Hashable {
        /// The dictionary's latents.
        public let latents: SparseRow
        /// The residual stream's inner product with each direction.
        public let projections: [Float]
    }

    /// The model.
    public let model: GPT2
    /// The dictionary.
    public let dictionary: SparseAutoencoder
    /// The place in the model.
    public let hook: HookPoint
    /// Directions the residual stream is projected on in the same pass, [directions × d].
    public let directions: Matrix?
    /// How many threads share a batch.
    public let threads: Int
    private let projection: PackedMatrix?

    /// - Parameters:
    ///   - hook: where to measure, or nil for the place the dictionary names.
    ///   - directions: rows of the model's width, unit vectors if the projections are to be lengths.
    ///   - threads: above 0.
    /// - Throws: ``SubjectError`` if widths differ or the place does not exist.
    public init(
        model: GPT2, dictionary: SparseAutoencoder, hook: HookPoint? = nil,
        directions: Matrix? = nil, threads: Int = 1
    ) throws(SubjectError) {
        precondition(threads > 0, "ActivationMeter: \(threads) threads")
        try dictionary.checkWidth(of: model)
        if let hook {
            try model.check(hook)
            self.hook = hook
        } else {
            self.hook = try dictionary.check(fits: model)
        }
        if let directions, directions.columns != model.configuration.width {
            throw .widthMismatch(
                of: "the set of directions", width: directions.columns,
                model: "model \(model.name)", modelWidth: model.configuration.width)
        }
        self.model = model
        self.dictionary = dictionary
        self.directions = directions
        self.threads = threads
        projection = directions.map { PackedMatrix($0.transposed()) }
    }

    /// Latents and projections, per sequence and position.
    ///
    /// Blocks the calling thread; from asynchronous code use ``measure(_:lastPositionOnly:)``.
    ///
    /// - Parameter lastPositionOnly: whether each sequence gives one reading, that of its last
    ///   token, instead of one per token.
    /// - Throws: ``SubjectError`` if a sequence is empty, too long, or has an unknown token.
    public func readings(
        of sequences: [[Int]], lastPositionOnly: Bool = false
    ) throws(SubjectError) -> [[Reading]] {
        try model.check(sequences)
        var result = [[Reading]](repeating: [], count: sequences.count)
        result.withUnsafeMutableBufferPointer { buffer in
            // Chunks write to sequences of their own.
            nonisolated(unsafe) let output = buffer
            model.forEachChunk(of: sequences, threads: threads) { _, chunk, workspace in
                model.run(sequences, chunk, halfBlocks: hook.halfBlocks, workspace)
                let lengths = sequences[chunk.sequences].map { lastPositionOnly ? 1 : $0.count }
                let rows =
                    lastPositionOnly
                    ? lastRows(sequences[chunk.sequences], workspace)
                    : workspace.stream.view(chunk.rowCount)
                var readings = readings(rows)[...]
                for (sequence, length) in zip(chunk.sequences, lengths) {
                    output[sequence] = Array(readings.prefix(length))
                    readings = readings.dropFirst(length)
                }
            }
        }
        return result
    }

    /// Latents only, per sequence and position; see ``readings(of:lastPositionOnly:)``.
    public func latents(
        of sequences: [[Int]], lastPositionOnly: Bool = false
    ) throws(SubjectError) -> [[SparseRow]] {
        try readings(of: sequences, lastPositionOnly: lastPositionOnly)
            .map { $0.map(\.latents) }
    }

    /// ``readings(of:lastPositionOnly:)`` on a thread of its own, off the cooperative pool.
    public func measure(
        _ sequences: [[Int]], lastPositionOnly: Bool = false
    ) async throws -> [[Reading]] {
        try await withCheckedThrowingContinuation { continuation in
            Self.queue.async {
                continuation.resume(
                    with: Result {
                        try readings(of: sequences, lastPositionOnly: lastPositionOnly)
                    })
            }
        }
    }

    /// Measurements take turns: each uses all its threads.
    private static let queue = DispatchQueue(label: "conjecture.activation-meter")

    /// Gathers the last row of each sequence at the head of a buffer that is free by now.
    private func lastRows(_ sequences: ArraySlice<[Int]>, _ workspace: Workspace) -> RowView {
        let rows = workspace.normed.view(sequences.count)
        var end = 0
        for (r, sequence) in sequences.enumerated() {
            end += sequence.count
            let last = workspace.stream.view(end).row(end - 1)
            rows.row(r).update(from: last, count: rows.width)
        }
        return rows
    }

    private func readings(_ rows: RowView) -> [Reading] {
        let latents = dictionary.encode(rows)
        guard let projection else { return latents.map { Reading(latents: $0, projections: []) } }
        var values = [Float](repeating: 0, count: rows.count * projection.stride)
        values.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            projection.multiply(
                rows,
                into: RowView(
                    base, count: rows.count, width: projection.columns, stride: projection.stride))
        }
        return latents.enumerated().map { r, latents in
            let start = r * projection.stride
            return Reading(
                latents: latents, projections: Array(values[start..<start + projection.columns]))
        }
    }
}
