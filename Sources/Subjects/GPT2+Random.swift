import LinearAlgebra

extension GPT2 {
    /// A model of this one's shape that has learnt nothing: the floor beside which a figure of a trained
    /// model is read.
    ///
    /// Weights are drawn as GPT-2's were before its training: normal with a standard deviation of 0.02,
    /// for what is written to the stream divided by √(2 · layers); biases are 0, norms change nothing,
    /// and the unembedding is the token embedding.
    ///
    /// - Parameter seed: decides every weight.
    /// - Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.3.
    public func randomWeights(seed: UInt64) -> GPT2 {
        GPT2(
            configuration: configuration, weights: .untrained(configuration, seed: seed),
            name: "\(name) with random weights of seed \(seed)")
    }
}

extension GPT2Weights {
    /// Weights as ``GPT2/randomWeights(seed:)`` draws them.
    static func untrained(_ c: GPT2Configuration, seed: UInt64) -> GPT2Weights {
        var generator = SeededGenerator(seed: seed)
        let deviation = 0.02
        let written = deviation / Double(2 * c.layerCount).squareRoot()
        let norm = Norm(
            gain: Array(repeating: 1, count: c.width), shift: Array(repeating: 0, count: c.width))
        func matrix(_ rows: Int, _ columns: Int, _ deviation: Double) -> Matrix {
            Matrix(
                rows: rows, columns: columns,
                storage: (0..<rows * columns).map { _ in Float(deviation * generator.normal()) })
        }
        func affine(_ inputs: Int, _ outputs: Int, _ deviation: Double) -> Affine {
            Affine(
                weights: matrix(inputs, outputs, deviation),
                bias: Array(repeating: 0, count: outputs))
        }
        let tokens = matrix(c.vocabularySize, c.width, deviation)
        let positions = matrix(c.contextLength, c.width, deviation)
        let blocks = (0..<c.layerCount).map { _ in
            Block(
                attentionNorm: norm, queryKeyValue: affine(c.width, 3 * c.width, deviation),
                attentionOutput: affine(c.width, c.width, written), mlpNorm: norm,
                expand: affine(c.width, c.innerWidth, deviation),
                contract: affine(c.innerWidth, c.width, written))
        }
        return GPT2Weights(
            tokenEmbedding: tokens, positionEmbedding: positions, blocks: blocks, finalNorm: norm)
    }
}
