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
        var tensors = BERTTensors(try TensorFolder(folder: folder), c)
        wordEmbedding = try tensors.table("word", c.vocabularySize)
        positionEmbedding = try tensors.table("position", c.contextLength)
        typeEmbedding = try tensors.table("token_type", c.typeCount)
        embeddingNorm = try tensors.norm("embeddings")
        var blocks: [Block] = []
        for n in 0..<c.layerCount { blocks.append(try tensors.block(n)) }
        self.blocks = blocks
        try tensors.refuseOthers()
        configuration = c
        name = folder
        workspaces = Pool { BERTWorkspace(c) }
    }
}

/// Finds an encoder's tensors by their Hugging Face names, with or without the prefix `bert.`.
private struct BERTTensors {
    private var reader: TensorReader
    private let c: BERTConfiguration
    private let prefix: String

    init(_ folder: TensorFolder, _ c: BERTConfiguration) {
        reader = TensorReader(folder)
        self.c = c
        prefix = folder.contains("embeddings.word_embeddings.weight") ? "" : "bert."
    }

    mutating func norm(_ name: String) throws(SubjectError) -> BERT.Norm {
        BERT.Norm(
            gain: try reader.floats("\(prefix)\(name).LayerNorm.weight", c.width),
            shift: try reader.floats("\(prefix)\(name).LayerNorm.bias", c.width))
    }

    mutating func table(_ name: String, _ rows: Int) throws(SubjectError) -> Matrix {
        let own = "\(prefix)embeddings.\(name)_embeddings.weight"
        return Matrix(rows: rows, columns: c.width, storage: try reader.floats(own, rows, c.width))
    }

    mutating func block(_ n: Int) throws(SubjectError) -> BERT.Block {
        let (layer, d) = ("encoder.layer.\(n).", c.width)
        let own = prefix + layer
        func map(_ name: String, _ inputs: Int, _ outputs: Int) throws(SubjectError) -> PackedMatrix
        { try reader.plan([own + name], inputs, [outputs], bias: true).load() }
        return BERT.Block(
            queryKeyValue: try reader.plan(
                ["query", "key", "value"].map { "\(own)attention.self.\($0)" }, d, [d, d, d],
                bias: true
            ).load(),
            attentionOutput: try map("attention.output.dense", d, d),
            attentionNorm: try norm(layer + "attention.output"),
            expand: try map("intermediate.dense", d, c.innerWidth),
            contract: try map("output.dense", c.innerWidth, d),
            outputNorm: try norm(layer + "output"))
    }

    /// Refuses tensors nobody reads, apart from heads for other tasks and the list of positions.
    mutating func refuseOthers() throws(SubjectError) {
        for other in reader.folder.names
        where other == prefix + "embeddings.position_ids" || other.hasPrefix("cls.")
            || other.hasPrefix(prefix + "pooler.")
        {
            reader.ignore(other)
        }
        try reader.refuseOthers()
    }
}
