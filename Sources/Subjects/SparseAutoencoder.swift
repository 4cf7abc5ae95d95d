import Foundation
import LinearAlgebra

/// A sparse autoencoder or transcoder: rows of width d in, F latents, rows of width e out (e = d
/// unless it is a transcoder).
///
/// x̃ = normIn(x); pre = (x̃ − b) W_enc + b_enc, where b is a bias of its own, b_dec or 0; f = σ(pre)
/// with σ of the architecture; x̂ = normOut(f W_dec + b_dec) [+ x W_skip]. Every published format is
/// brought to this form. Like the model's, an activation's bits depend on its row x alone.
///
/// Read next: ``Preparation`` for normIn and normOut, ``PublishedAutoencoder`` for files.
public struct SparseAutoencoder: Sendable {
    /// How latents are made sparse.
    public enum Architecture: Hashable, Sendable {
        /// max(pre, 0).
        case standard
        /// max(pre, 0) of the k greatest pre; of equal ones those with the lower index.
        case topK(k: Int)
        /// max(pre, 0) of the greatest pre in each of so many groups of F / groups neighbours; of equal
        /// ones that with the lower index.
        case groupMax(groups: Int)
        /// pre where it is above 0 and above the latent's threshold, else 0.
        case jumpReLU(threshold: [Float])
        /// max(exp(r) pre + b_mag, 0) where pre + b_gate is above 0, else 0.
        ///
        /// - Source: Rajamanoharan et al. 2024, "Improving Dictionary Learning with Gated Sparse
        ///   Autoencoders", with W_mag = W_gate exp(r).
        case gated(Gate)
    }

    /// The vectors of a gated autoencoder, each of F elements.
    public struct Gate: Hashable, Sendable {
        /// b_gate.
        public var bias: [Float]
        /// r_mag, the natural logarithm of what scales a latent's pre-activation.
        public var logScale: [Float]
        /// b_mag.
        public var magnitudeBias: [Float]

        public init(bias: [Float], logScale: [Float], magnitudeBias: [Float]) {
            self.bias = bias
            self.logScale = logScale
            self.magnitudeBias = magnitudeBias
        }
    }

    /// The tensors, in the orientation of SAELens.
    public struct Weights: Sendable {
        /// W_enc, [d × F].
        public var encoder: Matrix
        /// b_enc, F.
        public var encoderBias: [Float]
        /// W_dec, [F × e].
        public var decoder: Matrix
        /// b_dec, e.
        public var decoderBias: [Float]
        /// What is taken from x̃ before encoding, d, where it is neither b_dec nor 0.
        public var inputBias: [Float]?
        /// W_skip, [d × e], of a transcoder with a skip connection.
        public var skip: Matrix?

        public init(
            encoder: Matrix, encoderBias: [Float], decoder: Matrix, decoderBias: [Float],
            inputBias: [Float]? = nil, skip: Matrix? = nil
        ) {
            self.encoder = encoder
            self.encoderBias = encoderBias
            self.decoder = decoder
            self.decoderBias = decoderBias
            self.inputBias = inputBias
            self.skip = skip
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
    /// e, the width of what it writes.
    public let outputWidth: Int
    /// F, how many latents it has.
    public let latentCount: Int
    /// How latents are made sparse.
    public let architecture: Architecture
    /// Whether b_dec is taken from x before encoding.
    public let subtractsDecoderBias: Bool
    /// Whether activations are scaled by the length of their decoder row, and back in decoding.
    public let rescalesByDecoderNorm: Bool
    /// What is done to x before encoding, and undone after decoding.
    public let preparation: Preparation
    /// Where it comes from.
    public let origin: Origin
    /// What messages call it: its folder, or the name it was given.
    public let name: String
    let encoder: PackedMatrix
    let decoder: Matrix
    let decoderBias: [Float]
    /// What is taken from x̃ before encoding, or empty for nothing.
    let inputBias: [Float]
    let skip: PackedMatrix?
    /// exp(r_mag), or empty if the architecture is not gated.
    let gateScales: [Float]
    /// The lengths of the decoder's rows, or empty if activations are not rescaled.
    let decoderNorms: [Float]
    let scratch: Pool<EncoderScratch>

    /// A dictionary from weights in memory.
    ///
    /// - Parameter subtractsDecoderBias: whether b is b_dec; `weights.inputBias` goes before it.
    /// - Precondition: the shapes agree, vectors of the architecture have one element per latent,
    ///   0 < k ≤ F, groups divide F, and no normalisation is combined with a skip connection.
    public init(
        _ weights: Weights, architecture: Architecture, subtractsDecoderBias: Bool = true,
        rescalesByDecoderNorm: Bool = false, preparation: Preparation = Preparation(),
        origin: Origin = Origin(), name: String = "dictionary"
    ) {
        let (d, f) = (weights.encoder.rows, weights.encoder.columns)
        Self.check(weights, architecture, subtractsDecoderBias)
        precondition(
            weights.skip == nil || preparation.normalisation == .none,
            "SparseAutoencoder: a skip connection with \(preparation.normalisation)")
        inputWidth = d
        outputWidth = weights.decoder.columns
        latentCount = f
        self.architecture = architecture
        self.subtractsDecoderBias = subtractsDecoderBias
        self.rescalesByDecoderNorm = rescalesByDecoderNorm
        self.preparation = preparation
        self.origin = origin
        self.name = name
        encoder = PackedMatrix(weights.encoder, bias: weights.encoderBias)
        decoder = weights.decoder
        decoderBias = weights.decoderBias
        inputBias = weights.inputBias ?? (subtractsDecoderBias ? weights.decoderBias : [])
        skip = weights.skip.map { PackedMatrix($0) }
        if case .gated(let gate) = architecture {
            gateScales = gate.logScale.map { Float(exp(Double($0))) }
        } else {
            gateScales = []
        }
        decoderNorms = rescalesByDecoderNorm ? Self.norms(weights.decoder) : []
        scratch = Pool { EncoderScratch(inputWidth: d, latentCount: f) }
    }

    private static func check(
        _ weights: Weights, _ architecture: Architecture, _ subtractsDecoderBias: Bool
    ) {
        let (d, f, e) = (weights.encoder.rows, weights.encoder.columns, weights.decoder.columns)
        precondition(
            weights.decoder.rows == f && weights.encoderBias.count == f
                && weights.decoderBias.count == e && d > 0 && e > 0,
            "SparseAutoencoder: encoder \(d) × \(f), decoder \(weights.decoder.rows) × "
                + "\(e), biases \(weights.encoderBias.count) and \(weights.decoderBias.count)")
        let taken = weights.inputBias?.count ?? (subtractsDecoderBias ? e : d)
        precondition(taken == d, "SparseAutoencoder: a bias of \(taken) taken from rows of \(d)")
        if let skip = weights.skip {
            precondition(
                skip.rows == d && skip.columns == e,
                "SparseAutoencoder: skip \(skip.rows) × \(skip.columns) from \(d) to \(e)")
        }
        switch architecture {
        case .standard: break
        case .topK(let k): precondition(k > 0 && k <= f, "k = \(k) of \(f) latents")
        case .groupMax(let groups):
            precondition(groups > 0 && f % groups == 0, "\(groups) groups of \(f) latents")
        case .jumpReLU(let threshold):
            precondition(threshold.count == f, "\(threshold.count) thresholds for \(f) latents")
        case .gated(let gate):
            let counts = [gate.bias.count, gate.logScale.count, gate.magnitudeBias.count]
            precondition(counts.allSatisfy { $0 == f }, "gates of \(counts) for \(f) latents")
        }
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
