import LinearAlgebra
import Subjects

/// A dictionary while it is trained: parameters, their gradients and Adam's moments, and what its
/// architecture keeps from step to step.
///
/// The rows that it is given have been brought to a common length (``TrainerSetting``); its weights are
/// for such rows.
protocol DictionaryTrainer: AnyObject, Sendable {
    /// The activations of a batch, [batch × d], for the caller to fill.
    var batch: Scratch { get }

    /// Trains on ``batch``.
    ///
    /// - Parameter number: of the step, from 0, which schedules need. Steps come in order.
    func step(_ number: Int) -> TrainingLoss

    /// How many latents have fired lately.
    var liveLatents: Int { get }

    /// The autoencoder as it stands, for rows of the training's scale.
    func trained() -> TrainedForm

    /// All that ``step(_:)`` reads and was not given by the setting.
    func state() -> TrainerState

    /// Goes on where the trainer that ``state()`` was taken from stood: the next step gives the same bits.
    ///
    /// - Throws: ``DictionaryError`` if the state is of another architecture or shape.
    func restore(_ state: TrainerState) throws(DictionaryError)
}

/// What one batch costs.
struct TrainingLoss: Hashable, Sendable {
    /// Mean of ‖x̂ − x‖² over the batch, as a share of the data's variance.
    var unexplained: Double
    /// What is added for sparsity, weighted.
    var sparsity: Double = 0
    /// What is added for dead latents, or for a gate, weighted.
    var auxiliary: Double = 0
    /// How many latents are active on a row, in the mean.
    var activeLatents: Double
    /// How many latents have not fired lately.
    var deadLatents: Int

    /// Whether all parts are finite numbers.
    var isFinite: Bool { unexplained.isFinite && sparsity.isFinite && auxiliary.isFinite }
}

/// An autoencoder as its training left it, in the orientation of ``SparseAutoencoder``.
struct TrainedForm: Sendable {
    var weights: SparseAutoencoder.Weights
    var architecture: SparseAutoencoder.Architecture
    /// Whether b_dec is taken from a row before encoding.
    var subtractsDecoderBias: Bool
}

/// What a trainer is given beside the data.
struct TrainerSetting: Sendable {
    var width: Int
    var plan: TrainingPlan
    /// Where b_dec begins: the data's mean, or its geometric median.
    var centre: [Float]
    /// Mean of ‖x − mean‖², the squares weighted by ``errorWeights``.
    var variance: Float
    /// What each coordinate's squared error counts, or nil for 1 each: with whitened rows λ + ε divided by
    /// its mean, which makes the loss that of the rows as they were.
    var errorWeights: [Float]?
    var threads: Int
}

/// Everything that a trainer keeps between steps, by name and in a fixed order.
struct TrainerState: Hashable, Sendable {
    /// Names the architecture.
    var kind: String
    /// Tables of floats.
    var tables: [String: Matrix] = [:]
    /// Counters, such as how long each latent has been silent.
    var counters: [String: [Int]] = [:]
    /// Single numbers and running means, kept to the last bit.
    var numbers: [String: [Double]] = [:]
}
