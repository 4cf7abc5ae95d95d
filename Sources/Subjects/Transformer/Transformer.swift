import LinearAlgebra

/// A decoder of one of the families in ``TransformerConfiguration/Family``, ready to be measured.
///
/// Read next: ``forward(_:_:threads:)`` for activations and logits in one pass,
/// ``TransformerSession`` for a text that grows, ``Intervention`` for changing it on the way. The
/// bits of a sequence's results depend on the sequence, the interventions and the weights alone:
/// not on the rest of the batch, its order, the number of threads, or whether it came in pieces.
/// Sequences are ragged: there is no padding and no mask.
public struct Transformer: Sendable {
    /// The model's shape.
    public let configuration: TransformerConfiguration
    /// What messages call it: its folder or file.
    public let name: String
    let weights: TransformerWeights
    let workspaces: Pool<TransformerWorkspace>

    init(configuration: TransformerConfiguration, weights: TransformerWeights, name: String) {
        self.configuration = configuration
        self.weights = weights
        self.name = name
        workspaces = Pool { TransformerWorkspace(configuration) }
    }

    /// A model from a folder with `config.json` and `model.safetensors`, or its shards and their
    /// index, in Hugging Face's layout. Weights in 16 bits are widened to 32.
    ///
    /// - Throws: ``SubjectError`` for anything that is missing, unknown, misshapen or unsupported.
    public init(folder: String) throws(SubjectError) {
        let configuration = try TransformerConfiguration.read(path: folder + "/config.json")
        let weights = try TransformerWeights(TensorFolder(folder: folder), configuration)
        self.init(configuration: configuration, weights: weights, name: folder)
    }

    /// The place of this name in this model; see ``TransformerConfiguration/hook(named:)``.
    public func hook(named name: String) throws(SubjectError) -> TransformerHook {
        try configuration.hook(named: name)
    }

    /// Refuses what the model cannot read.
    func check(_ sequences: [[Int]]) throws(SubjectError) {
        for (index, sequence) in sequences.enumerated() {
            guard !sequence.isEmpty else { throw .emptySequence(index: index) }
            try check(sequence, index: index, after: 0)
        }
    }

    /// - Parameter before: how many tokens come before these.
    func check(_ tokens: [Int], index: Int, after before: Int) throws(SubjectError) {
        guard before + tokens.count <= configuration.contextLength else {
            throw .longSequence(
                index: index, length: before + tokens.count, limit: configuration.contextLength)
        }
        for (position, token) in tokens.enumerated()
        where token < 0 || token >= configuration.vocabularySize {
            throw .unknownToken(
                sequence: index, position: before + position, token: token,
                vocabulary: configuration.vocabularySize)
        }
    }

    func check(_ hook: TransformerHook) throws(SubjectError) {
        guard configuration.contains(hook) else {
            throw .unknownHook(
                name: hook.description, available: TransformerHook.available(configuration))
        }
    }
}
