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
    /// index, in Hugging Face's layout.
    ///
    /// The files are mapped. What is in them is checked against the configuration at once; a block's
    /// numbers are read when a pass first comes to it, and weights of 16 bits stay so in memory.
    ///
    /// - Throws: ``SubjectError`` for anything that is missing, unknown, misshapen or unsupported.
    public init(folder: String) throws(SubjectError) {
        let configuration = try TransformerConfiguration.read(path: folder + "/config.json")
        let weights = try TransformerWeights(TensorFolder(folder: folder), configuration)
        self.init(configuration: configuration, weights: weights, name: folder)
    }

    /// How many bytes a pass takes beside the weights: each thread's intermediates and the results.
    ///
    /// - Parameters:
    ///   - lengths: of the sequences, in tokens.
    ///   - request: what is asked for.
    public func activationByteCount(
        _ lengths: [Int], _ request: ForwardRequest, threads: Int
    ) -> Int {
        let c = configuration
        let longest = lengths.max() ?? 0
        let total = lengths.reduce(0, +)
        let rows = max(TransformerWorkspace.usualRows, longest)
        let logitRows: Int
        switch request.logits {
        case .none: logitRows = 0
        case .all: logitRows = total
        case .last: logitRows = lengths.count
        case .positions(let chosen): logitRows = chosen.reduce(0) { $0 + $1.count }
        }
        // Results are gathered by the workers and then copied.
        let results =
            8
            * (total * request.hooks.reduce(0) { $0 + c.width(of: $1) }
                + logitRows * c.vocabularySize)
        let unembedding =
            logitRows > 0
            ? 4 * TransformerWorkspace.logitRowCount * PackedMatrix.padded(c.vocabularySize) : 0
        // Rows that a product has packed for itself.
        let packed = 4 * PackedMatrix.rowsPerPass * max(c.width, c.innerWidth, c.mixtureWidth)
        return threads
            * (TransformerWorkspace.byteCount(c, rows: rows, length: longest) + unembedding + packed)
            + results
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
        // The tables are read as tokens come, so this is where their numbers are looked at.
        let width = configuration.width
        var lookups = 0
        for token in tokens {
            try weights.embedding.checkFinite(token * width..<(token + 1) * width)
            weights.embedding.noteLookup(&lookups)
        }
        try weights.positions?.checkFinite(before * width..<(before + tokens.count) * width)
    }

    func check(_ hook: TransformerHook) throws(SubjectError) {
        guard configuration.contains(hook) else {
            throw .unknownHook(
                name: hook.description, available: TransformerHook.available(configuration))
        }
    }
}
