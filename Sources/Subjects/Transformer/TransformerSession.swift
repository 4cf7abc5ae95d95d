import LinearAlgebra

/// A text that grows: keys and values of what has been read are kept.
///
/// The logits are the same bits as those of ``Transformer/forward(_:_:threads:)`` on the whole
/// text, however it is cut into pieces. Not safe for two threads at once.
public final class TransformerSession {
    public let model: Transformer
    /// The tokens read so far.
    public private(set) var tokens: [Int] = []
    /// How many tokens it has space for.
    public let capacity: Int
    private let interventions: [Intervention]
    private let memory: [[KeyValues]]
    private let workspace: TransformerWorkspace
    private var logits: [Float]
    private let blocks: [TransformerWeights.Block]
    private let finalNorm: TransformerWeights.Norm
    private let head: PackedMatrix

    /// Reserves the memory of `capacity` positions: 2 · layers · heads of keys · head width floats
    /// for each.
    ///
    /// - Throws: ``SubjectError`` if an intervention does not fit, or the capacity the context.
    public init(
        _ model: Transformer, capacity: Int, interventions: [Intervention] = []
    ) throws(SubjectError) {
        let c = model.configuration
        precondition(capacity > 0, "a session of \(capacity) tokens")
        guard capacity <= c.contextLength else {
            throw .longSequence(index: 0, length: capacity, limit: c.contextLength)
        }
        try model.check(interventions)
        blocks = try model.weights.blocks(c.layerCount)
        let end = try model.weights.end(withHead: true)
        guard let head = end.head else { preconditionFailure("an end without its head") }
        (finalNorm, self.head) = (end.norm, head)
        self.model = model
        self.capacity = capacity
        self.interventions = interventions
        memory = (0..<c.layerCount).map { _ in
            (0..<c.keyValueHeadCount).map { _ in
                KeyValues(headWidth: c.headWidth, capacity: capacity)
            }
        }
        workspace = TransformerWorkspace(c)
        workspace.reserve(rows: 1, length: capacity)
        logits = [Float](repeating: 0, count: c.vocabularySize)
    }

    /// Reads more tokens and returns the logits after the last of them, `vocabularySize` floats.
    ///
    /// - Throws: ``SubjectError`` if there are none, a token is unknown, or the space is full.
    public func read(_ more: [Int]) throws(SubjectError) -> [Float] {
        guard !more.isEmpty else { throw .emptySequence(index: 0) }
        guard tokens.count + more.count <= capacity else {
            throw .longSequence(index: 0, length: tokens.count + more.count, limit: capacity)
        }
        try model.check(more, index: 0, after: tokens.count)
        workspace.reserve(rows: more.count, length: capacity)
        let segment = Segment(
            rows: 0..<more.count, tokens: more[...], position: tokens.count, memory: memory)
        let observer = Observer(interventions: interventions, outputs: [:])
        model.run([segment], blocks, observer, workspace)
        let normed = workspace.normed.view(more.count)
        model.norm(workspace.stream.view(more.count), finalNorm, into: normed)
        observer.visit(.finalNorm, normed, [segment])
        let values = workspace.logits(1)
        model.unembed(normed.rows(more.count - 1..<more.count), head, into: values)
        logits.withUnsafeMutableBufferPointer {
            $0.baseAddress?.update(from: values.row(0), count: values.width)
        }
        tokens += more
        return logits
    }

    /// Forgets the tokens from `length` on.
    ///
    /// - Precondition: `length` is at most `tokens.count`.
    public func truncate(to length: Int) {
        precondition(length >= 0 && length <= tokens.count, "\(tokens.count) cut to \(length)")
        tokens.removeLast(tokens.count - length)
    }
}
