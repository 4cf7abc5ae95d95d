import LinearAlgebra

/// A sparse autoencoder over a residual stream of width d, with F latents.
///
/// pre = (x − b) W_enc + b_enc, where b is b_dec or 0; f = σ(pre) with σ of the architecture;
/// x̂ = f W_dec + b_dec. Like the model's, an activation's bits depend on its row x alone.
public struct SparseAutoencoder: Sendable {
    /// How latents are made sparse.
    public enum Architecture: Hashable, Sendable {
        /// max(pre, 0).
        case standard
        /// max(pre, 0) of the k greatest pre; of equal ones those with the lower index.
        case topK(k: Int)
        /// pre where it is above 0 and above the latent's threshold, else 0.
        case jumpReLU(threshold: [Float])
    }

    /// The four tensors of SAELens.
    public struct Weights: Sendable {
        /// W_enc, [d × F].
        public var encoder: Matrix
        /// b_enc, F.
        public var encoderBias: [Float]
        /// W_dec, [F × d].
        public var decoder: Matrix
        /// b_dec, d.
        public var decoderBias: [Float]

        public init(
            encoder: Matrix, encoderBias: [Float], decoder: Matrix, decoderBias: [Float]
        ) {
            self.encoder = encoder
            self.encoderBias = encoderBias
            self.decoder = decoder
            self.decoderBias = decoderBias
        }
    }

    /// What the dictionary says of where it comes from; nothing here changes its arithmetic.
    public struct Origin: Hashable, Sendable {
        /// The place in the model, by its TransformerLens name.
        public var hookName: String?
        /// The model it was trained on.
        public var modelName: String?
        /// The length of the sequences it was trained on, in tokens.
        public var contextSize: Int?
        /// Whether those sequences began with a token of their own.
        public var prependsBOS: Bool?

        public init(
            hookName: String? = nil, modelName: String? = nil, contextSize: Int? = nil,
            prependsBOS: Bool? = nil
        ) {
            self.hookName = hookName
            self.modelName = modelName
            self.contextSize = contextSize
            self.prependsBOS = prependsBOS
        }
    }

    /// d, the width of what it reads.
    public let inputWidth: Int
    /// F, how many latents it has.
    public let latentCount: Int
    /// How latents are made sparse.
    public let architecture: Architecture
    /// Whether b_dec is taken from x before encoding.
    public let subtractsDecoderBias: Bool
    /// Whether activations are scaled by the length of their decoder row, and back in decoding.
    public let rescalesByDecoderNorm: Bool
    /// Where it comes from.
    public let origin: Origin
    /// What messages call it: its folder, or the name it was given.
    public let name: String
    let encoder: PackedMatrix
    let decoder: Matrix
    let decoderBias: [Float]
    /// The lengths of the decoder's rows, or empty if activations are not rescaled.
    let decoderNorms: [Float]
    let scratch: Pool<EncoderScratch>

    /// A dictionary from weights in memory.
    ///
    /// - Precondition: the shapes agree, there is one threshold per latent, and 0 < k ≤ F.
    public init(
        _ weights: Weights, architecture: Architecture, subtractsDecoderBias: Bool = true,
        rescalesByDecoderNorm: Bool = false, origin: Origin = Origin(), name: String = "dictionary"
    ) {
        let (d, f) = (weights.encoder.rows, weights.encoder.columns)
        precondition(
            weights.decoder.rows == f && weights.decoder.columns == d
                && weights.encoderBias.count == f && weights.decoderBias.count == d && d > 0,
            "SparseAutoencoder: encoder \(d) × \(f), decoder \(weights.decoder.rows) × "
                + "\(weights.decoder.columns), biases \(weights.encoderBias.count) and "
                + "\(weights.decoderBias.count)")
        switch architecture {
        case .standard: break
        case .topK(let k): precondition(k > 0 && k <= f, "k = \(k) of \(f) latents")
        case .jumpReLU(let threshold):
            precondition(threshold.count == f, "\(threshold.count) thresholds for \(f) latents")
        }
        inputWidth = d
        latentCount = f
        self.architecture = architecture
        self.subtractsDecoderBias = subtractsDecoderBias
        self.rescalesByDecoderNorm = rescalesByDecoderNorm
        self.origin = origin
        self.name = name
        encoder = PackedMatrix(weights.encoder, bias: weights.encoderBias)
        decoder = weights.decoder
        decoderBias = weights.decoderBias
        decoderNorms = rescalesByDecoderNorm ? Self.norms(weights.decoder) : []
        scratch = Pool { EncoderScratch(inputWidth: d, latentCount: f) }
    }

    private static func norms(_ decoder: Matrix) -> [Float] {
        (0..<decoder.rows).map { latent in
            let squares = decoder.row(latent).reduce(0.0) { $0 + Double($1) * Double($1) }
            return Float(squares.squareRoot())
        }
    }

    /// Refuses a model whose stream has another width, or that lacks the dictionary's hook.
    ///
    /// - Returns: the place the dictionary names.
    /// - Throws: ``SubjectError``.
    @discardableResult
    public func check(fits model: GPT2) throws(SubjectError) -> HookPoint {
        try checkWidth(of: model)
        guard let hookName = origin.hookName else { throw .unnamedHook(path: name) }
        return try model.hook(named: hookName)
    }

    func checkWidth(of model: GPT2) throws(SubjectError) {
        guard inputWidth == model.configuration.width else {
            throw .widthMismatch(
                of: "dictionary \(name)", width: inputWidth, model: "model \(model.name)",
                modelWidth: model.configuration.width)
        }
    }
}
