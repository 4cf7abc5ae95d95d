import LinearAlgebra

/// The weights of a GPT-2 model with d = width, as they act: x ↦ x W + b.
public struct GPT2Weights: Sendable {
    /// One row per token, [vocabulary × d].
    public var tokenEmbedding: Matrix
    /// One row per position, [context × d].
    public var positionEmbedding: Matrix
    /// The blocks, first to last.
    public var blocks: [Block]
    /// The layer norm before the unembedding.
    public var finalNorm: Norm
    /// The unembedding, [vocabulary × d], or nil if it is the token embedding.
    public var head: Matrix?

    /// A layer norm's factors and summands, d each.
    public struct Norm: Sendable, Hashable {
        public var gain: [Float]
        public var shift: [Float]

        public init(gain: [Float], shift: [Float]) {
            self.gain = gain
            self.shift = shift
        }
    }

    /// An affine map, weights [inputs × outputs] and a bias of `outputs`.
    public struct Affine: Sendable, Hashable {
        public var weights: Matrix
        public var bias: [Float]

        public init(weights: Matrix, bias: [Float]) {
            self.weights = weights
            self.bias = bias
        }
    }

    /// One block: x += attend(norm1(x)); x += contract(f(expand(norm2(x)))).
    public struct Block: Sendable, Hashable {
        public var attentionNorm: Norm
        /// Queries, keys and values in this order, [d × 3d].
        public var queryKeyValue: Affine
        /// The heads' mixtures back into the stream, [d × d].
        public var attentionOutput: Affine
        public var mlpNorm: Norm
        /// [d × inner].
        public var expand: Affine
        /// [inner × d].
        public var contract: Affine

        public init(
            attentionNorm: Norm, queryKeyValue: Affine, attentionOutput: Affine, mlpNorm: Norm,
            expand: Affine, contract: Affine
        ) {
            self.attentionNorm = attentionNorm
            self.queryKeyValue = queryKeyValue
            self.attentionOutput = attentionOutput
            self.mlpNorm = mlpNorm
            self.expand = expand
            self.contract = contract
        }
    }

    public init(
        tokenEmbedding: Matrix, positionEmbedding: Matrix, blocks: [Block], finalNorm: Norm,
        head: Matrix? = nil
    ) {
        self.tokenEmbedding = tokenEmbedding
        self.positionEmbedding = positionEmbedding
        self.blocks = blocks
        self.finalNorm = finalNorm
        self.head = head
    }

    /// Stops the program if a shape is not what the configuration asks for.
    func precheck(_ c: GPT2Configuration) {
        func need(_ matrix: Matrix, _ rows: Int, _ columns: Int, _ name: String) {
            precondition(
                matrix.rows == rows && matrix.columns == columns,
                "\(name) is \(matrix.rows) × \(matrix.columns), not \(rows) × \(columns)")
        }
        func need(_ affine: Affine, _ rows: Int, _ columns: Int, _ name: String) {
            need(affine.weights, rows, columns, name)
            precondition(affine.bias.count == columns, "\(name): bias of \(affine.bias.count)")
        }
        func need(_ norm: Norm, _ name: String) {
            precondition(
                norm.gain.count == c.width && norm.shift.count == c.width,
                "\(name): \(norm.gain.count) and \(norm.shift.count), not \(c.width)")
        }
        need(tokenEmbedding, c.vocabularySize, c.width, "tokenEmbedding")
        need(positionEmbedding, c.contextLength, c.width, "positionEmbedding")
        if let head { need(head, c.vocabularySize, c.width, "head") }
        need(finalNorm, "finalNorm")
        precondition(blocks.count == c.layerCount, "\(blocks.count) blocks, not \(c.layerCount)")
        for (n, block) in blocks.enumerated() {
            need(block.attentionNorm, "block \(n) attentionNorm")
            need(block.queryKeyValue, c.width, 3 * c.width, "block \(n) queryKeyValue")
            need(block.attentionOutput, c.width, c.width, "block \(n) attentionOutput")
            need(block.mlpNorm, "block \(n) mlpNorm")
            need(block.expand, c.width, c.innerWidth, "block \(n) expand")
            need(block.contract, c.innerWidth, c.width, "block \(n) contract")
        }
    }
}
