import LinearAlgebra
import Subjects

/// What a training will take, judged before it begins.
///
/// Times come from a short measurement of the source and a short product; what they leave out (choosing
/// latents, what else the machine does) makes a training take up to about twice as long.
public struct TrainingEstimate: Hashable, Sendable {
    /// Multiplications and additions of all dictionaries' steps.
    public let flop: Double
    /// How many of them a second this machine does.
    public let flopPerSecond: Double
    /// For measuring activations, held-out ones included.
    public let measuringSeconds: Double
    /// For the dictionaries' steps.
    public let trainingSeconds: Double
    /// Activations, parameters, gradients and moments, beside the model.
    public let memoryBytes: Int
    /// The dictionaries and, while they are trained, their checkpoints.
    public let diskBytes: Int

    public var seconds: Double { measuringSeconds + trainingSeconds }
}

extension DictionaryTraining {
    /// Measures for a moment what one step will cost.
    ///
    /// Blocks the calling thread for about a second.
    public func estimate() throws(DictionaryError) -> TrainingEstimate {
        let plan = plans[0]
        let rows = source.pieces(of: .training).rowCount
        let limit = plan.poolByteLimit / (4 * PackedMatrix.padded(source.width))
        // What fits is measured once; the rest as often as it is trained on.
        let measured = rows <= limit ? rows : plan.tokens
        let heldOut = source.pieces(of: .heldOut).rowCount
        let flop =
            plans.reduce(0) { $0 + $1.flopPerToken(width: source.width) }
            * Double(plan.stepCount * plan.batchSize)
        let rate = productRate()
        let parameters = plans.reduce(0) { $0 + 2 * $1.latentCount * source.width }
        let scratch = plans.reduce(0) { $0 + $1.scratchCount(width: source.width) }
        return TrainingEstimate(
            flop: flop, flopPerSecond: rate,
            measuringSeconds: try secondsPerRow() * Double(measured + heldOut),
            trainingSeconds: flop / rate,
            memoryBytes: 4
                * (PackedMatrix.padded(source.width) * min(rows, limit)
                    + 4 * parameters + scratch),
            // A dictionary; two checkpoints of weights and moments, and one that is being written.
            diskBytes: 4 * parameters * (1 + 3 * 3))
    }

    private func secondsPerRow() throws(DictionaryError) -> Double {
        let pieces = source.pieces(of: .training)
        var (count, chosen) = (0, 0)
        while chosen < min(64, pieces.count), count < 4096 {
            count += pieces.rowCount(of: chosen)
            chosen += 1
        }
        let clock = ContinuousClock()
        let start = clock.now
        try source.forEachRow(of: .training, Array(0..<chosen)[...]) { _ in }
        return (clock.now - start) / .seconds(1) / Double(max(1, count))
    }

    /// Flop per second of products like the encoders'.
    private func productRate() -> Double {
        let (rows, columns) = (96, min(2048, plans[0].latentCount))
        let matrix = PackedMatrix(Matrix(rows: source.width, columns: columns, repeating: 0.5))
        let inputs = (0..<source.threads).map { _ in Scratch(rows: rows, width: source.width) }
        let outputs = (0..<source.threads).map { _ in Scratch(rows: rows, width: columns) }
        let clock = ContinuousClock()
        let start = clock.now
        var rounds = 0
        repeat {
            inParallel(source.threads, threads: source.threads) { worker in
                matrix.multiply(inputs[worker].view(rows), into: outputs[worker].view(rows))
            }
            rounds += 1
        } while clock.now - start < .milliseconds(200)
        let flop = 2.0 * Double(rounds * source.threads * rows * source.width * columns)
        return flop / ((clock.now - start) / .seconds(1))
    }
}

extension TrainingPlan {
    /// Of one token's way through a step, Adam's share included.
    func flopPerToken(width: Int) -> Double {
        let product = 2.0 * Double(width * latentCount)
        // Two tables of parameters, about ten operations each, once a batch.
        let adam = 10 * product / Double(batchSize)
        switch architecture {
        case .topK(let k), .batchTopK(let k): return product + 8 * Double(width * k) + adam
        case .matryoshka(let k, let prefixes):
            return product + 8 * Double(width * k * prefixes.count) + adam
        case .standard, .gated, .jumpReLU: return 5 * product + adam
        }
    }

    /// Floats that a trainer holds for a batch.
    func scratchCount(width: Int) -> Int {
        let rows = 4 * width * batchSize
        switch architecture {
        case .topK, .batchTopK, .matryoshka: return rows + width * latentCount
        case .standard, .gated, .jumpReLU: return rows + 2 * latentCount * batchSize
        }
    }
}
