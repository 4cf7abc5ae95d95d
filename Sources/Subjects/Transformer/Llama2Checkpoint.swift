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

    /// Per-layer tensors lie together, layer after layer.
    private struct Stack {
        let values: [Float]
        let size: Int

        func layer(_ n: Int) -> [Float] { Array(values[n * size..<(n + 1) * size]) }
    }

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
        let (d, inner, count) = (c.width, c.innerWidth, c.layerCount)
        let keys = c.keyValueHeadCount * c.headWidth
        let embedding = try floats(c.vocabularySize * d)
        let attentionNorms = try stack(d)
        let (queries, keyMaps, values, outputs) =
            (try stack(d * d), try stack(keys * d), try stack(keys * d), try stack(d * d))
        let mlpNorms = try stack(d)
        let (gates, downs, ups) = (try stack(inner * d), try stack(d * inner), try stack(inner * d))
        let finalGain = try floats(d)
        try checkAngles()
        let blocks = (0..<count).map { n in
            TransformerWeights.Block(
                attentionNorm: .init(gain: attentionNorms.layer(n), shift: []),
                queryKeyValue: PackedMatrix(
                    transpose: halved(queries.layer(n)) + halved(keyMaps.layer(n))
                        + values.layer(n), inner: d, columns: d + 2 * keys),
                queryNorm: nil, keyNorm: nil,
                attentionOutput: PackedMatrix(transpose: outputs.layer(n), inner: d, columns: d),
                attentionOutputNorm: nil, mlpNorm: .init(gain: mlpNorms.layer(n), shift: []),
                expand: PackedMatrix(
                    transpose: gates.layer(n) + ups.layer(n), inner: d, columns: 2 * inner),
                contract: PackedMatrix(transpose: downs.layer(n), inner: inner, columns: d),
                mlpOutputNorm: nil)
        }
        let head = c.tiesEmbedding ? embedding : try floats(c.vocabularySize * d)
        return TransformerWeights(
            embedding: c.tiesEmbedding
                ? nil : Matrix(rows: c.vocabularySize, columns: d, storage: embedding),
            blocks: blocks, finalNorm: .init(gain: finalGain, shift: []),
            head: PackedMatrix(transpose: head, inner: d, columns: c.vocabularySize))
    }

    private mutating func stack(_ size: Int) throws(SubjectError) -> Stack {
        Stack(values: try floats(size * c.layerCount), size: size)
    }

    private mutating func floats(_ count: Int) throws(SubjectError) -> [Float] {
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[offset..<offset + 4 * count])
        let values = [Float](unsafeUninitializedCapacity: count) { buffer, used in
            UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
            used = count
        }
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw .nonFiniteTensor(path: path, tensor: "at byte \(offset)", index: index)
        }
        offset += 4 * count
        return values
    }

    /// The tables of cosines and sines are not used, but they must be those that are computed.
    private mutating func checkAngles() throws(SubjectError) {
        let half = c.headWidth / 2
        let cosines = try floats(c.contextLength * half)
        _ = try floats(c.contextLength * half)
        guard c.contextLength > 1 else { return }
        for (pair, frequency) in c.rotaries[0].frequencies.enumerated()
        where abs(cosines[half + pair] - cos(frequency)) > 1e-3 {
            throw .malformedFile(
                path: path, place: "the table of angles", reason: "is not that of base 10000")
        }
    }

    /// Rows of heads, neighbouring pairs put half a head apart.
    private func halved(_ rows: [Float]) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(rows.count)
        let (length, half) = (c.width, c.headWidth / 2)
        for head in 0..<rows.count / length / c.headWidth {
            for part in 0..<2 {
                for pair in 0..<half {
                    let row = head * c.headWidth + 2 * pair + part
                    result += rows[row * length..<(row + 1) * length]
                }
            }
        }
        return result
    }
}
