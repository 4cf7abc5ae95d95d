import LinearAlgebra

/// A GPT-2 language model, ready to be measured.
///
/// Read next: ``residuals(of:at:threads:)`` for the residual stream, ``ActivationMeter`` for the
/// latents of a dictionary in one pass. The bits of a sequence's results depend on the sequence and
/// the weights alone: not on the rest of the batch, its order, or the number of threads.
public struct GPT2: Sendable {
    /// The model's shape.
    public let configuration: GPT2Configuration
    /// What messages call it: its folder, or the name it was given.
    public let name: String
    let tokenEmbedding: Matrix
    let positionEmbedding: Matrix
    let blocks: [Block]
    let finalNorm: GPT2Weights.Norm
    let head: PackedMatrix
    let workspaces: Pool<Workspace>

    struct Block: Sendable {
        let attentionNorm: GPT2Weights.Norm
        let queryKeyValue: PackedMatrix
        let attentionOutput: PackedMatrix
        let mlpNorm: GPT2Weights.Norm
        let expand: PackedMatrix
        let contract: PackedMatrix

        init(_ weights: GPT2Weights.Block) {
            func pack(_ affine: GPT2Weights.Affine) -> PackedMatrix {
                PackedMatrix(affine.weights, bias: affine.bias)
            }
            attentionNorm = weights.attentionNorm
            queryKeyValue = pack(weights.queryKeyValue)
            attentionOutput = pack(weights.attentionOutput)
            mlpNorm = weights.mlpNorm
            expand = pack(weights.expand)
            contract = pack(weights.contract)
        }
    }

    /// A model from weights in memory.
    ///
    /// - Precondition: every shape is what the configuration asks for.
    public init(configuration: GPT2Configuration, weights: GPT2Weights, name: String = "model") {
        weights.precheck(configuration)
        self.configuration = configuration
        self.name = name
        tokenEmbedding = weights.tokenEmbedding
        positionEmbedding = weights.positionEmbedding
        blocks = weights.blocks.map(Block.init)
        finalNorm = weights.finalNorm
        head = PackedMatrix((weights.head ?? weights.tokenEmbedding).transposed())
        workspaces = Pool { Workspace(configuration) }
    }

    /// A model from a folder with `config.json` and `model.safetensors`, in Hugging Face's layout.
    ///
    /// - Throws: ``SubjectError`` for anything that is missing, unknown, misshapen or unsupported.
    public init(folder: String) throws(SubjectError) {
        let file = try GPT2Configuration.read(path: folder + "/config.json")
        let tensors = try Safetensors(path: folder + "/model.safetensors")
        let weights = try GPT2Weights(
            tensors, file.configuration, tiesEmbedding: file.tiesEmbedding)
        self.init(configuration: file.configuration, weights: weights, name: folder)
    }

    /// The place of this name in this model.
    ///
    /// - Throws: ``SubjectError/unknownHook(name:available:)``, which lists what exists.
    public func hook(named name: String) throws(SubjectError) -> HookPoint {
        try HookPoint(name, layerCount: configuration.layerCount)
    }

    /// Refuses what the model cannot read.
    func check(_ sequences: [[Int]]) throws(SubjectError) {
        for (index, sequence) in sequences.enumerated() {
            guard !sequence.isEmpty else { throw .emptySequence(index: index) }
            guard sequence.count <= configuration.contextLength else {
                throw .longSequence(
                    index: index, length: sequence.count, limit: configuration.contextLength)
            }
            for (position, token) in sequence.enumerated()
            where token < 0 || token >= configuration.vocabularySize {
                throw .unknownToken(
                    sequence: index, position: position, token: token,
                    vocabulary: configuration.vocabularySize)
            }
        }
    }

    func check(_ hook: HookPoint) throws(SubjectError) {
        if let block = hook.block, !blocks.indices.contains(block) {
            throw .unknownHook(
                name: hook.description, available: HookPoint.available(layerCount: blocks.count))
        }
    }
}
