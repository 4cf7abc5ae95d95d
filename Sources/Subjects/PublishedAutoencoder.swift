/// A sparse autoencoder or transcoder from files in the form they were published in, with what was
/// taken for granted in reading them.
///
/// The format is recognised by names of files and tensors, never by trial: what fits no format, or
/// more than one, is refused. So is a configuration with an unknown or contradictory field.
public struct PublishedAutoencoder: Sendable {
    /// The formats that are read, by the names people know them by.
    public enum Format: String, Sendable, CaseIterable {
        case saeLens = "SAELens"
        case dictionaryLearning = "dictionary_learning"
        case gemmaScope = "Gemma Scope"
        case gemmaScope2 = "Gemma Scope 2"
        case sparsify = "sparsify"
        case openAI = "OpenAI sparse_autoencoder"
        case llamaScope = "Llama Scope"
        case llamaScopeR1 = "Llama Scope R1"
        case qwenScope = "Qwen-Scope"
        case hypotheSAEs = "HypotheSAEs"
        case circuitTranscoder = "mwhanna's transcoders"
    }

    /// One thing that decides what the dictionary means, and what it was read as.
    public struct Assumption: Hashable, Sendable {
        /// For instance "normalisation".
        public let name: String
        /// In words.
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What the caller says where files leave it open, or knows better.
    public struct Choices: Hashable, Sendable {
        /// How many latents a TopK dictionary keeps, where that is only in its repository's name.
        public var k: Int?
        /// s of "expected_average_only_in", √d / mean ‖x‖ over the training data, where it was not
        /// folded into the weights.
        public var inputScale: Float?
        /// The class in dictionary_learning, where there is no config.json to name it.
        public var dictionaryClass: String?
        /// The place in the model, before the one that the files name.
        public var hookName: String?
        /// Whether rows are centred, before what the files say.
        public var centresRows: Bool?

        public init(
            k: Int? = nil, inputScale: Float? = nil, dictionaryClass: String? = nil,
            hookName: String? = nil, centresRows: Bool? = nil
        ) {
            self.k = k
            self.inputScale = inputScale
            self.dictionaryClass = dictionaryClass
            self.hookName = hookName
            self.centresRows = centresRows
        }
    }

    /// The dictionary in canonical form.
    public let autoencoder: SparseAutoencoder
    /// The format it was read from.
    public let format: Format
    /// Hook point, first token, normalisation, centring, and what else the format leaves unsaid.
    public let assumptions: [Assumption]

    /// Reads a folder or a file.
    ///
    /// - Parameters:
    ///   - path: the folder as it was published, or the one file of formats that have but one.
    ///   - choices: what the files leave open.
    /// - Throws: ``SubjectError`` for anything missing, unknown, misshapen, ambiguous or unsupported.
    public init(path: String, choices: Choices = Choices()) throws(SubjectError) {
        let files = PublishedFiles(path: path)
        let (format, parts) = try files.read(choices)
        self.format = format
        autoencoder = try parts.autoencoder(name: path, choices)
        assumptions =
            [Assumption("format", format.rawValue)] + parts.statements(of: autoencoder)
    }
}

/// What a loader found, in canonical orientation.
struct PublishedParts {
    var weights: SparseAutoencoder.Weights
    var architecture: SparseAutoencoder.Architecture
    var subtractsDecoderBias = false
    var rescalesByDecoderNorm = false
    var preparation = SparseAutoencoder.Preparation()
    var origin = SparseAutoencoder.Origin()
    /// What the format leaves unsaid, beyond what every dictionary states.
    var notes: [PublishedAutoencoder.Assumption] = []
    /// Where the flag for rescaling stands, for the message if it cannot be followed.
    var rescaleField = ("", "decoder norms")

    mutating func note(_ name: String, _ value: String) { notes.append(.init(name, value)) }

    func autoencoder(
        name: String, _ choices: PublishedAutoencoder.Choices
    ) throws(SubjectError) -> SparseAutoencoder {
        var preparation = preparation
        var origin = origin
        if let hookName = choices.hookName { origin.hookName = hookName }
        if let centres = choices.centresRows { preparation.centresRows = centres }
        let result = SparseAutoencoder(
            weights, architecture: architecture, subtractsDecoderBias: subtractsDecoderBias,
            rescalesByDecoderNorm: rescalesByDecoderNorm, preparation: preparation,
            origin: origin, name: name)
        if let latent = result.decoderNorms.firstIndex(where: { !($0 > 0) }) {
            throw .invalidField(
                path: rescaleField.0, field: rescaleField.1, found: "true",
                expected: "false, as the decoder row of latent \(latent) is all zeros")
        }
        return result
    }

    func statements(of dictionary: SparseAutoencoder) -> [PublishedAutoencoder.Assumption] {
        let origin = dictionary.origin
        let bos =
            switch origin.prependsBOS {
            case true: "expected before each sequence, as in training"
            case false: "none: sequences were trained on as they are"
            case nil: "not stated"
            }
        return [
            .init("trained on", origin.modelName ?? "not stated"),
            .init("hook point", origin.hookName ?? "not stated: name it yourself"),
            .init("first token", bos),
            .init("normalisation", "\(dictionary.preparation.normalisation)"),
            .init(
                "centring",
                dictionary.preparation.centresRows
                    ? "each row's mean is taken from it, as the model's writing weights were centred"
                    : "none: rows are read as the model has them"),
            .init("sparsity", sparsity(dictionary)),
        ] + notes
    }

    private func sparsity(_ dictionary: SparseAutoencoder) -> String {
        switch dictionary.architecture {
        case .standard: "ReLU"
        case .topK(let k): "ReLU of the \(k) greatest"
        case .jumpReLU: "ReLU above a threshold per latent"
        case .groupMax(let count): "ReLU of the greatest in each of \(count) groups of neighbours"
        case .gated: "gated ReLU"
        }
    }
}

/// Which files are there, and so which format it is.
struct PublishedFiles {
    let path: String

    private static let folders: [(PublishedAutoencoder.Format, files: [String])] = [
        (.saeLens, ["cfg.json", "sae_weights.safetensors"]),
        (.sparsify, ["cfg.json", "sae.safetensors"]),
        (.llamaScope, ["hyperparams.json", "checkpoints/final.safetensors"]),
        (.llamaScopeR1, ["config.json", "sae_weights.safetensors"]),
        (.gemmaScope2, ["config.json", "params.safetensors"]),
        (.gemmaScope, ["params.npz"]),
        (.dictionaryLearning, ["ae.pt"]),
    ]

    func read(
        _ choices: PublishedAutoencoder.Choices
    ) throws(SubjectError) -> (PublishedAutoencoder.Format, PublishedParts) {
        try FileKind.requireExistence(path)
        guard FileKind.isFolder(path) else {
            guard !path.hasSuffix(".npz") else {
                return (.gemmaScope, try GemmaScope.read(try NumPyArchive(path: path)))
            }
            guard !path.hasSuffix(".safetensors") else {
                let parts = try CircuitTranscoder.read(try Safetensors(path: path))
                return (.circuitTranscoder, parts)
            }
            guard [".pt", ".pth", ".bin"].contains(where: path.hasSuffix) else {
                throw .unknownFormat(
                    path: path,
                    reason: "not a folder, and of files only .npz, .pt and .safetensors are read")
            }
            return try torch(try TorchFile(path: path), choices)
        }
        let found = Self.folders.filter { entry in
            entry.files.allSatisfy { FileKind.isFile(path + "/" + $0) }
        }
        guard found.count == 1 else {
            let lists = (found.isEmpty ? Self.folders : found)
                .map { $0.files.joined(separator: " with ") }.joined(separator: ", ")
            throw .unknownFormat(
                path: path,
                reason: found.isEmpty ? "has none of \(lists)" : "has more than one of \(lists)")
        }
        return (found[0].0, try folder(found[0].0, choices))
    }

    private func folder(
        _ format: PublishedAutoencoder.Format, _ choices: PublishedAutoencoder.Choices
    ) throws(SubjectError) -> PublishedParts {
        switch format {
        case .saeLens: try SAELensFolder(path, choices).read()
        case .sparsify: try Sparsify.read(folder: path)
        case .llamaScope: try LlamaScope.read(folder: path)
        case .llamaScopeR1: try LlamaScopeR1(folder: path, choices).read()
        case .gemmaScope2: try GemmaScope.read2(folder: path)
        case .gemmaScope: try GemmaScope.read(try NumPyArchive(path: path + "/params.npz"))
        default:
            try DictionaryLearning(try TorchFile(path: path + "/ae.pt"), folder: path, choices)
                .read()
        }
    }

    private func torch(
        _ file: TorchFile, _ choices: PublishedAutoencoder.Choices
    ) throws(SubjectError) -> (PublishedAutoencoder.Format, PublishedParts) {
        if file.has("pre_bias"), file.has("latent_bias") {
            return (.openAI, try OpenAIFile.read(file))
        }
        if file.has("state_dict.input_bias") {
            return (.hypotheSAEs, try HypotheSAEsFile.read(file))
        }
        if Set(file.tensorNames) == ["W_enc", "W_dec", "b_enc", "b_dec"] {
            return (.qwenScope, try QwenScope.read(file, choices))
        }
        return (.dictionaryLearning, try DictionaryLearning(file, folder: nil, choices).read())
    }
}
