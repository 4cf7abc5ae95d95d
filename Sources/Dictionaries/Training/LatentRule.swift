import LinearAlgebra
import Subjects

/// How pre-activations become latents, what their activity costs, and how the loss's derivative by an
/// activation goes back to the pre-activation: all in which the penalty architectures differ.
///
/// ``PenaltyTrainer`` does the rest. A step calls ``begin(_:share:rows:)``, then of every row `choose` or
/// `activate` and ``cost(of:)``, then ``settle(_:_:)`` of every latent, then ``complete(_:_:rows:)``,
/// then, when the parameters have moved, ``end()``. Between ``begin(_:share:rows:)`` and
/// ``complete(_:_:rows:)`` several threads work, each on rows or latents of its own.
protocol LatentRule: AnyObject, Sendable {
    /// Names the rule in states.
    var kind: String { get }
    /// The rule's parameters, each [1 × F].
    var vectors: [(name: String, block: ParameterBlock)] { get }
    /// What is added to x W_enc, F floats.
    var encoderBias: UnsafePointer<Float> { get }
    /// Whether b_dec is taken from a row before encoding.
    var subtractsDecoderBias: Bool { get }
    /// Whether ``settle(_:_:)`` needs the memos of activations.
    var keepsMemos: Bool { get }
    /// Whether the memo of an activation is decoded as well, to an estimate of its own through which no
    /// decoder is trained.
    var decodesMemos: Bool { get }
    /// The activation's place among the published ones, with the rule's parameters.
    var architecture: SparseAutoencoder.Architecture { get }

    /// Parameters as they begin, beside an encoder and a decoder's bias that are there.
    func start(encoder: ParameterBlock, decoderBias: ParameterBlock)

    /// - Parameters:
    ///   - share: of the penalty that holds in this step, from 0 to 1.
    ///   - rows: of the batch.
    func begin(_ step: Int, share: Float, rows: Int)

    /// Appends what acts on a row, or is near it, to a part.
    ///
    /// - Parameter pre: the row's pre-activations, F floats; −∞ is of a latent that is left out.
    func choose(_ pre: UnsafePointer<Float>, into part: ActivePart)

    /// Replaces the pre-activations of a row by activations, and writes memos.
    func activate(_ pre: UnsafeMutablePointer<Float>, memos: UnsafeMutablePointer<Float>)

    /// What the activations of a row cost, before any factor; and what they would at the power to come.
    func cost(of row: LatentRun) -> SIMD2<Double>

    /// Replaces the derivatives by activations by those by pre-activations, adds to the gradients of
    /// ``vectors`` and to a tally.
    func settle(_ run: LatentRun, _ tally: LatentTally)

    /// Ends the gradients of ``vectors``.
    ///
    /// - Parameter cost: of all rows.
    /// - Returns: what sparsity adds to the loss.
    func complete(_ tally: LatentTally, _ cost: SIMD2<Double>, rows: Int) -> Double

    /// Parameters have moved.
    func end()

    /// Puts what is neither a parameter nor given into a state.
    func save(in state: inout TrainerState)

    /// - Throws: ``DictionaryError/foreignState(reason:)``.
    func restore(from state: TrainerState) throws(DictionaryError)
}

/// Some activations that belong together, those of a row or those of a latent: element i is at
/// `i * stride` of each table.
struct LatentRun {
    /// f.
    var codes: UnsafeMutablePointer<Float>
    /// What the rule keeps of each, such as the gate's pre-activation.
    var memos: UnsafeMutablePointer<Float>
    /// The derivative of the reconstruction's loss by f, and then that of the loss by the pre-activation.
    var slopes: UnsafeMutablePointer<Float>
    /// The derivative of the loss of what the memos are decoded to, by the memo.
    var memoSlopes: UnsafeMutablePointer<Float>
    var count: Int
    var stride: Int
    /// The latent of the first element.
    var latent = 0
    /// How many latents further the next element's is: 0, or 1.
    var latentStep = 0
}

/// Sums over the rows of a batch, of each latent.
final class LatentTally: @unchecked Sendable {
    // Sendable because workers write to latents of their own.
    private let memory: Scratch
    /// Σ of the derivatives by the pre-activation.
    let slopes: UnsafeMutablePointer<Float>
    /// On how many rows the latent acts.
    let rows: UnsafeMutablePointer<Float>
    /// Σ f.
    let activations: UnsafeMutablePointer<Float>
    /// By how much ‖x − x̂‖² would be greater without the latent.
    let contributions: UnsafeMutablePointer<Float>

    init(latentCount: Int) {
        memory = Scratch(rows: 4, width: latentCount)
        let view = memory.view(4)
        slopes = view.row(0)
        rows = view.row(1)
        activations = view.row(2)
        contributions = view.row(3)
    }

    func clear() { memory.view(4).fill(0) }

    func use(of latent: Int) -> LatentUse {
        LatentUse(
            rows: Int(rows[latent]), activation: activations[latent],
            contribution: contributions[latent])
    }
}
