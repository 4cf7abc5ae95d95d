import LinearAlgebra

/// A decoder's weights: found and checked for shape at once, read and packed when first needed.
struct TransformerWeights: Sendable {
    /// A norm's factors, and its summands if it is a layer norm.
    struct Norm: Sendable {
        let gain: [Float]
        let shift: [Float]
    }

    struct Block: Sendable {
        let attentionNorm: Norm
        /// Queries, keys and values in this order, heads in order within each.
        let queryKeyValue: PackedMatrix
        /// Over a head's columns, if queries and keys are normed.
        let queryNorm: Norm?
        let keyNorm: Norm?
        let attentionOutput: PackedMatrix
        /// Of attention's output, if outputs are normed.
        let attentionOutputNorm: Norm?
        let mlpNorm: Norm
        /// Gate and up side by side if the MLP is gated.
        let expand: PackedMatrix
        let contract: PackedMatrix
        /// Of the MLP's output, if outputs are normed.
        let mlpOutputNorm: Norm?
    }

    /// What comes after the blocks.
    struct End: Sendable {
        let norm: Norm
        /// Nil where no logits are wanted.
        let head: PackedMatrix?
    }

    /// [vocabulary × width]; rows are read from the file as tokens come.
    let embedding: MappedTensor
    /// [positions × width] of learned positions, or nil.
    let positions: MappedTensor?
    private let blocks: [Lazily<Block>]
    private let finalNorm: Lazily<Norm>
    private let head: Lazily<PackedMatrix>

    init(
        embedding: MappedTensor, positions: MappedTensor? = nil, blocks: [BlockPlan],
        finalNorm: NormPlan, head: LinearPlan
    ) {
        self.embedding = embedding
        self.positions = positions
        self.blocks = blocks.map { plan in Lazily { () throws(SubjectError) in try plan.load() } }
        self.finalNorm = Lazily { () throws(SubjectError) in try finalNorm.load() }
        self.head = Lazily { () throws(SubjectError) in try head.load() }
    }

    /// The first blocks, read if they have not been.
    func blocks(_ count: Int) throws(SubjectError) -> [Block] {
        var result: [Block] = []
        result.reserveCapacity(count)
        for block in blocks.prefix(count) { result.append(try block.get()) }
        return result
    }

    func end(withHead: Bool) throws(SubjectError) -> End {
        End(norm: try finalNorm.get(), head: withHead ? try head.get() : nil)
    }
}

extension TransformerWeights {
    /// Finds the tensors of a Hugging Face decoder.
    init(_ folder: TensorFolder, _ c: TransformerConfiguration) throws(SubjectError) {
        var tensors = DecoderTensors(folder, c)
        var blocks: [BlockPlan] = []
        for n in 0..<c.layerCount { blocks.append(try tensors.block(n)) }
        let finalNorm = try tensors.finalNorm()
        let (embedding, head) = try tensors.embeddings()
        self.init(
            embedding: embedding, positions: try tensors.positions(), blocks: blocks,
            finalNorm: finalNorm, head: head)
        try tensors.reader.refuseOthers()
    }
}
