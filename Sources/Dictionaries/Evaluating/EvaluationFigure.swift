/// What can be measured of a dictionary, each with its definition: where the literature has several
/// under one name, each has a name of its own here.
///
/// x is a row, x̂ its reconstruction, e = x − x̂, f its latents, μ the mean of the rows.
public enum EvaluationFigure: String, Sendable, Hashable, CaseIterable {
    case explainedVariance = "explained_variance"
    case explainedVarianceCentred = "explained_variance_centred"
    case explainedVariancePerRow = "explained_variance_per_row"
    case meanSquaredError = "mse"
    case squaredError = "squared_error"
    case errorLength = "error_length"
    case cosine = "cosine"
    case lengthRatio = "l2_ratio"
    case reconstructionBias = "relative_reconstruction_bias"
    case activeLatents = "l0"
    case activationSum = "l1"
    case liveShare = "live_share"
    case denseOneShare = "dense_1_percent_share"
    case denseTenShare = "dense_10_percent_share"
    case decoderCosine = "decoder_greatest_cosine"
    case encoderDecoderCosine = "encoder_decoder_cosine"
    case lossClean = "loss_clean"
    case lossSpliced = "loss_spliced"
    case lossZero = "loss_zero_ablation"
    case lossMean = "loss_mean_ablation"
    case lossRecoveredZero = "loss_recovered_zero_ablation"
    case lossRecoveredMean = "loss_recovered_mean_ablation"
    case divergenceSpliced = "kl_spliced"
    case divergenceRecovered = "kl_recovered_zero_ablation"
    case coverage
    case coverageOneThreshold = "coverage_one_threshold"
    case coverageHeldOut = "coverage_held_out"
    case reconstruction = "reconstruction"
    case reconstructionPooled = "reconstruction_pooled"
    case reconstructionHighest = "reconstruction_highest_threshold"
    case sparseProbingOne = "sparse_probing_1"
    case sparseProbingTwo = "sparse_probing_2"
    case sparseProbingFive = "sparse_probing_5"
    case targetedPerturbation = "targeted_perturbation_20"
    case spuriousRemoval = "spurious_correlation_removal_20"
    case absorption
    case coverageShuffled = "coverage_shuffled"
    case reconstructionShuffled = "reconstruction_pooled_shuffled"
    case alwaysYes = "always_yes"
    case probe

    /// The formula, and where it comes from.
    public var definition: String { Self.definitions[self] ?? rawValue }

    private static func sparseProbing(_ count: Int) -> String {
        "mean balanced accuracy, on rows kept apart, of logistic regression on the \(count) latents whose "
            + "means differ most (after SAEBench)"
    }

    private static let definitions: [EvaluationFigure: String] = [
        .explainedVariance: "1 − Σ‖e‖² / Σ‖x − μ‖² over all rows (SAELens from 6.45.1)",
        .explainedVarianceCentred:
            "1 − Σ_d Var(e) / Σ_d Var(x): blind to a constant error (dictionary_learning)",
        .explainedVariancePerRow:
            "mean of 1 − ‖e‖² / ‖x − μ‖² (SAELens's \"legacy\", with μ of all rows)",
        .meanSquaredError: "mean of ‖e‖² / d",
        .squaredError: "mean of ‖e‖² (SAELens's mse)",
        .errorLength: "mean of ‖e‖ (dictionary_learning's l2_loss)",
        .cosine: "mean of x · x̂ / ‖x‖‖x̂‖",
        .lengthRatio: "mean of ‖x̂‖ / ‖x‖",
        .reconstructionBias:
            "mean ‖x̂‖² / mean x · x̂ (Rajamanoharan et al. 2024, equation 10); below 1 is shrinkage",
        .activeLatents: "mean number of latents above 0",
        .activationSum: "mean of Σ f",
        .liveShare: "share of latents that fire on some row",
        .denseOneShare: "share of latents that fire on more than 1 % of rows",
        .denseTenShare: "share of latents that fire on more than 10 % of rows",
        .decoderCosine: "mean over latents of the greatest cosine with another decoder row",
        .encoderDecoderCosine: "mean over latents of the cosine of encoder column and decoder row",
        .lossClean: "cross-entropy of the next token",
        .lossSpliced: "the same with x̂ in the place of x",
        .lossZero: "the same with 0 in the place of x",
        .lossMean: "the same with μ in the place of x",
        .lossRecoveredZero: "(H_zero − H_spliced) / (H_zero − H_clean)",
        .lossRecoveredMean: "(H_mean − H_spliced) / (H_mean − H_clean)",
        .divergenceSpliced: "mean KL(clean ‖ spliced) of the next token",
        .divergenceRecovered: "1 − KL(clean ‖ spliced) / KL(clean ‖ zero)",
        .coverage:
            "mean over properties of the greatest F1 of any latent at any threshold (Karvonen et al. "
            + "2024, equation 3), chosen and measured on the same rows",
        .coverageOneThreshold:
            "the same at one threshold for all properties, the best (their code)",
        .coverageHeldOut: "the latents and thresholds of `coverage`, measured on rows kept apart",
        .reconstruction:
            "mean over rows kept apart of the greatest F1 at any threshold of what nearly sure latents "
            + "predict (equation 5)",
        .reconstructionPooled: "F1 over all rows kept apart at the best threshold (their code)",
        .reconstructionHighest:
            "the same, every latent speaking for the highest threshold that it is above",
        .sparseProbingOne: sparseProbing(1), .sparseProbingTwo: sparseProbing(2),
        .sparseProbingFive: sparseProbing(5),
        .targetedPerturbation:
            "mean over properties of what the own probe loses in balanced accuracy without the 20 "
            + "latents that matter most to it, less what other probes lose (after SAEBench's TPP)",
        .spuriousRemoval:
            "share of what a spurious correlation costs a probe in accuracy that is won back without "
            + "the 20 latents that matter most to the spurious property (after SAEBench's SCR)",
        .absorption:
            "mean over properties of the share of rows with it, and found by the probe, on which its "
            + "own latents are silent and another supplies 0.4 of the probe's projection (after Chanin "
            + "et al. 2024)",
        .coverageShuffled:
            "`coverage` with the properties of other rows: what choosing alone gives",
        .reconstructionShuffled: "`reconstruction_pooled` with the properties of other rows",
        .alwaysYes: "mean F1 of saying yes always: 2p / (1 + p)",
        .probe: "mean F1 of a logistic probe per property, fitted and measured on rows apart",
    ]
}
