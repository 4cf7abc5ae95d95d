import Foundation
import LinearAlgebra

extension Transformer {
    /// A model from a checkpoint of llama2.c in its first ("legacy") format.
    ///
    /// Seven 32-bit numbers (width, inner width, layers, heads, heads of keys, vocabulary, context;
    /// a negative vocabulary: the unembedding is a matrix of its own at the end), then 32-bit
    /// floats. Its rotary pairs are neighbouring columns; the rows of the query and key maps are
    /// put in another order here, which leaves every score as it is.
    ///
    /// - Throws: ``SubjectError`` for a file of another size or with impossible numbers.
    /// - Source: github.com/karpathy/llama2.c, `run.c`, `memory_map_weights`.
    public init(llama2Checkpoint path: String) throws(SubjectError) {
        var reader = try Llama2Reader(path: path)
        let weights = try reader.weights()
        self.init(configuration: reader.c, weights: weights, name: path)
    }
}

/// Reads a checkpoint from front to back.
private struct Llama2Reader {
    let c: TransformerConfiguration
    private let file: MappedFile
    private let path: String
    private var offset = 28

    init(path: String) throws(SubjectError) {
        file = try MappedFile(path: path)
        self.path = path
        let bytes = file.bytes
        func flaw(_ reason: String) -> SubjectError {
            .malformedFile(path: path, place: "the header", reason: reason)
        }
        guard bytes.count >= 28 else { throw flaw("has fewer than 28 bytes") }
        let header = (0..<7).map {
            Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)))
        }
        let (width, heads, groups, vocabulary) = (header[0], header[3], header[4], abs(header[5]))
        let limits = [1 << 20, 1 << 20, 4096, 1 << 16, 1 << 16, 1 << 24, 1 << 24]
        let sizes = header[0..<5] + [vocabulary, header[6]]
        guard zip(sizes, limits).allSatisfy({ $0 > 0 && $0 <= $1 }) else {
            throw flaw("has the impossible sizes \(header)")
        }
        guard width % heads == 0, heads % groups == 0, (width / heads) % 2 == 0 else {
            throw flaw("has \(heads) heads and \(groups) of keys, which do not divide \(width)")
        }
        let expected = 28 + 4 * Self.floatCount(header)
        guard bytes.count == expected else {
            throw .malformedFile(
                path: path, place: "the file",
                reason: "has \(bytes.count) bytes, the header asks for \(expected)")
        }
        // Only now, as the size of its tables depends on the header alone.
        c = Self.configuration(header)
    }

    private static func configuration(_ header: [Int]) -> TransformerConfiguration {
        let headWidth = header[0] / header[3]
        return TransformerConfiguration(
            family: .llama, vocabularySize: abs(header[5]), contextLength: header[6],
            width: header[0], headCount: header[3], keyValueHeadCount: header[4],
            headWidth: headWidth, innerWidth: header[1],
            layers: (0..<header[2]).map { _ in .init(window: nil, rotary: 0) },
            rotaries: [Rotary(width: headWidth, base: 10000)], activation: .silu,
            normEpsilon: 1e-5, attentionScale: 1 / Float(headWidth).squareRoot(),
            attentionSoftCap: nil, logitSoftCap: nil, embeddingScale: 1,
            hasParallelResidual: false, hasQueryKeyValueBias: false, hasAttentionOutputBias: false,
            hasMLPBias: false, tiesEmbedding: header[5] > 0)
    }

    private static func floatCount(_ header: [Int]) -> Int {
        let (width, inner, layers, heads) = (header[0], header[1], header[2], header[3])
        let (vocabulary, context, headWidth) = (header[5], header[6], width / heads)
        let keys = header[4] * headWidth
        let layer = 2 * width * (width + keys) + 3 * width * inner + 2 * width
        return abs(vocabulary) * width * (vocabulary > 0 ? 1 : 2) + layers * layer + width
            + context * headWidth
    }

    mutating func weights() throws(SubjectError) -> TransformerWeights {
        let (d, inner) = (c.width, c.innerWidth)
        let keys = c.keyValueHeadCount * c.headWidth
        let embedding = next("token embedding", c.vocabularySize, d)
        let attentionNorms = stack("attention norm", d)
        let queries = stack("query", d, d)
        let keyMaps = stack("key", keys, d)
        let values = stack("value", keys, d)
        let outputs = stack("attention output", d, d)
        let mlpNorms = stack("MLP norm", d)
        let gates = stack("gate", inner, d)
        let downs = stack("down", d, inner)
        let ups = stack("up", inner, d)
        let finalNorm = NormPlan(gain: next("final norm", d), shift: nil, offsetsGain: false)
        try checkAngles()
        let head = c.tiesEmbedding ? embedding : next("unembedding", c.vocabularySize, d)
        func map(_ tensors: MappedTensor..., inputs: Int) -> LinearPlan {
            LinearPlan(weights: tensors, biases: [], inputs: inputs, layout: .rows)
        }
        let blocks = (0..<c.layerCount).map { n in
            var all = map(queries[n], keyMaps[n], values[n], inputs: d)
            all.order = Self.halved(turned: d + keys, headWidth: c.headWidth)
            return BlockPlan(
                attentionNorm: NormPlan(gain: attentionNorms[n], shift: nil, offsetsGain: false),
                queryKeyValue: all, attentionOutput: map(outputs[n], inputs: d),
                mlpNorm: NormPlan(gain: mlpNorms[n], shift: nil, offsetsGain: false),
                expand: map(gates[n], ups[n], inputs: d), contract: map(downs[n], inputs: inner))
        }
        return TransformerWeights(
            embedding: embedding, blocks: blocks, finalNorm: finalNorm,
            head: map(head, inputs: d))
    }

    /// The next tensor of the file.
    private mutating func next(_ name: String, _ shape: Int...) -> MappedTensor {
        let tensor = MappedTensor(
            file: file, path: path, name: name, element: .float32, offset: offset, shape: shape)
        offset += 4 * tensor.count
        return tensor
    }

    /// The next tensors of the file, one for each layer.
    private mutating func stack(_ name: String, _ shape: Int...) -> [MappedTensor] {
        (0..<c.layerCount).map { n in
            let tensor = MappedTensor(
                file: file, path: path, name: "\(name) of layer \(n)", element: .float32,
                offset: offset, shape: shape)
            offset += 4 * tensor.count
            return tensor
        }
    }

    /// The tables of cosines and sines are not used, but they must be those that are computed.
    private mutating func checkAngles() throws(SubjectError) {
        let half = c.headWidth / 2
        let cosines = try next("cosines", c.contextLength, half).floats()
        _ = try next("sines", c.contextLength, half).floats()
        guard c.contextLength > 1 else { return }
        for (pair, frequency) in c.rotaries[0].frequencies.enumerated()
        where abs(cosines[half + pair] - cos(frequency)) > 1e-3 {
            throw .malformedFile(
                path: path, place: "the table of angles", reason: "is not that of base 10000")
        }
    }

    /// The order of rows in which neighbouring pairs of the first `turned` are half a head apart.
    private static func halved(turned: Int, headWidth: Int) -> @Sendable (Int) -> Int {
        { row in
            guard row < turned else { return row }
            let (head, within) = (row / headWidth, row % headWidth)
            let half = headWidth / 2
            return head * headWidth + 2 * (within % half) + within / half
        }
    }
}
