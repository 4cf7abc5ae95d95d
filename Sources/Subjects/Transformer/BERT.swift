import LinearAlgebra

/// A BERT or MiniLM encoder: texts in, one vector per token or per text out.
///
/// Post-norm: h = norm(x + attention(x)), x = norm(h + MLP(h)); every token sees every other.
/// Sequences are ragged, so there is no padding to be masked: each gives the bits it gives alone,
/// which is what a padding mask is for.
///
/// - Source: Devlin et al. 2018, arXiv 1810.04805; Hugging Face `BertModel`.
public struct BERT: Sendable {
    /// The model's shape.
    public let configuration: BERTConfiguration
    /// What messages call it: its folder.
    public let name: String
    let wordEmbedding: Matrix
    let positionEmbedding: Matrix
    let typeEmbedding: Matrix
    let embeddingNorm: Norm
    let blocks: [Block]
    let workspaces: Pool<BERTWorkspace>

    struct Norm: Sendable {
        let gain: [Float]
        let shift: [Float]
    }

    struct Block: Sendable {
        let queryKeyValue: PackedMatrix
        let attentionOutput: PackedMatrix
        let attentionNorm: Norm
        let expand: PackedMatrix
        let contract: PackedMatrix
        let outputNorm: Norm
    }

    /// A model from a folder with `config.json` and `model.safetensors`, or its shards and their
    /// index, in Hugging Face's layout; heads for other tasks (`pooler.`, `cls.`) are left out.
    ///
    /// - Throws: ``SubjectError`` for anything that is missing, unknown, misshapen or unsupported.
    public init(folder: String) throws(SubjectError) {
        let c = try BERTConfiguration.read(path: folder + "/config.json")
        let tensors = try TensorFolder(folder: folder)
        let prefix = tensors.contains("embeddings.word_embeddings.weight") ? "" : "bert."
        var reader = TensorReader(tensors)
        func norm(_ name: String) throws(SubjectError) -> Norm {
            Norm(
                gain: try reader.floats("\(prefix)\(name).LayerNorm.weight", c.width),
                shift: try reader.floats("\(prefix)\(name).LayerNorm.bias", c.width))
        }
        func table(_ name: String, _ rows: Int) throws(SubjectError) -> Matrix {
            let own = "\(prefix)embeddings.\(name)_embeddings.weight"
            return Matrix(
                rows: rows, columns: c.width, storage: try reader.floats(own, rows, c.width))
        }
        wordEmbedding = try table("word", c.vocabularySize)
        positionEmbedding = try table("position", c.contextLength)
        typeEmbedding = try table("token_type", c.typeCount)
        embeddingNorm = try norm("embeddings")
        var blocks: [Block] = []
        for n in 0..<c.layerCount {
            let (layer, d) = ("encoder.layer.\(n).", c.width)
            let own = prefix + layer
            blocks.append(
                Block(
                    queryKeyValue: try reader.linear(
                        ["query", "key", "value"].map { "\(own)attention.self.\($0)" }, d,
                        [d, d, d], bias: true),
                    attentionOutput: try reader.linear(
                        own + "attention.output.dense", d, d, bias: true),
                    attentionNorm: try norm(layer + "attention.output"),
                    expand: try reader.linear(
                        own + "intermediate.dense", d, c.innerWidth, bias: true),
                    contract: try reader.linear(own + "output.dense", c.innerWidth, d, bias: true),
                    outputNorm: try norm(layer + "output")))
        }
        self.blocks = blocks
        for other in tensors.names
        where other == prefix + "embeddings.position_ids" || other.hasPrefix("cls.")
            || other.hasPrefix(prefix + "pooler.")
        {
            reader.ignore(other)
        }
        try reader.refuseOthers()
        configuration = c
        name = folder
        workspaces = Pool { BERTWorkspace(c) }
    }
}
