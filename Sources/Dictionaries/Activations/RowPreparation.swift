import LinearAlgebra
import Subjects

/// How rows are brought to what trainers are made for, and how what is learnt from them is brought back.
///
/// Fitted on the first rows of a stream, and kept in checkpoints.
struct RowPreparation: Sendable {
    /// Longer rows are left out, or nil for none.
    var normLimit: Float?
    /// What rows are multiplied by; 1 if they are whitened.
    var scale: Float
    var whitening: Whitening?
    /// Where b_dec begins, for prepared rows.
    var centre: [Float]
    /// Mean of ‖x − mean‖² of prepared rows, the squares weighted.
    var variance: Float
    var errorWeights: [Float]?

    /// Moves the rows that are short enough to the front, in their order.
    ///
    /// - Returns: how many there are.
    func keepShort(_ rows: RowView) -> Int {
        guard let normLimit else { return rows.count }
        var kept = 0
        for r in 0..<rows.count where Self.norm(rows, r) <= normLimit {
            if kept < r { rows.row(kept).update(from: rows.row(r), count: rows.width) }
            kept += 1
        }
        return kept
    }

    private static func norm(_ rows: RowView, _ row: Int) -> Float {
        RowKernels.dot(rows.row(row), rows.row(row), count: rows.width).squareRoot()
    }

    func setting(_ plan: TrainingPlan, threads: Int) -> TrainerSetting {
        TrainerSetting(
            width: centre.count, plan: plan, centre: centre, variance: variance,
            errorWeights: errorWeights, threads: threads)
    }

    /// The autoencoder for rows that were not prepared.
    func folded(_ form: TrainedForm, threads: Int) -> TrainedForm {
        whitening?.folded(form, threads: threads) ?? form.scaled(by: scale)
    }
}

// MARK: - Fitting

extension RowPreparation {
    /// What suits the rows that a pool holds first.
    ///
    /// - Throws: ``DictionaryError/uselessActivations(hook:reason:)`` if the rows do not vary.
    init(
        fitting pool: ActivationPool, of source: any ActivationSource, _ plan: TrainingPlan
    ) throws(DictionaryError) {
        normLimit = plan.normLimit.map { Float($0) * Self.medianNorm(pool.heldRows) }
        (scale, centre, variance) = (1, [], 1)
        pool.leaveOutLong(self)
        let rows = pool.heldRows
        let moments = try RowMoments(rows, place: source.facts.place)
        guard let loss = plan.whitening else {
            scale = Float(moments.scale)
            variance = Float(moments.variance * moments.scale * moments.scale)
            let centre =
                plan.centre == .mean
                ? moments.mean : GeometricMedian.point(of: rows, from: moments.mean)
            self.centre = centre.map { Float($0 * moments.scale) }
            return
        }
        let whitening = try whitening(rows, pool, source)
        self.whitening = whitening
        let weights = whitening.errorWeights
        let kept = whitening.keptVariances
        switch loss {
        case .original:
            errorWeights = weights.map { Float($0) }
            variance = Float(zip(weights, kept).reduce(0) { $0 + $1.0 * $1.1 })
        case .whitened: variance = Float(kept.reduce(0, +))
        }
        centre = [Float](repeating: 0, count: source.width)
        guard plan.centre == .median else { return }
        let count = min(rows.count, GeometricMedian.rowLimit)
        let memory = Scratch(rows: count, width: rows.width)
        let sample = memory.view(count)
        for r in 0..<count {
            sample.row(r).update(from: rows.row(r * rows.count / count), count: rows.width)
        }
        whitening.apply(to: sample, threads: source.threads)
        centre = GeometricMedian.point(of: sample, from: centre.map { Double($0) })
            .map { Float($0) }
    }

    private static func medianNorm(_ rows: RowView) -> Float {
        (0..<rows.count).map { norm(rows, $0) }.sorted()[rows.count / 2]
    }

    /// Fitted on the rows that are held, and on later ones where those are too few.
    private func whitening(
        _ rows: RowView, _ pool: ActivationPool, _ source: any ActivationSource
    ) throws(DictionaryError) -> Whitening {
        var fit = WhiteningFit(width: source.width)
        fit.add(rows, threads: source.threads)
        let wanted = WhiteningFit.rowsPerDimension * source.width
        var rest = pool.upcoming
        while fit.count < wanted, !rest.isEmpty {
            let chosen = rest.prefix(64)
            rest = rest.dropFirst(64)
            var values: [Float] = []
            try source.forEachRow(of: .training, chosen) { values += $0 }
            values.withUnsafeMutableBufferPointer { values in
                guard let base = values.baseAddress else { return }
                let count = values.count / source.width
                let view = RowView(base, count: count, width: source.width)
                fit.add(view.rows(0..<keepShort(view)), threads: source.threads)
            }
        }
        return try fit.whitening(hook: source.facts.place)
    }
}

extension Whitening {
    /// λ + ε, divided by its mean.
    var errorWeights: [Double] {
        let mean = variances.reduce(0, +) / Double(width)
        return variances.map { $0 / mean }
    }

    /// λ / (λ + ε): the variances of whitened rows.
    var keptVariances: [Double] {
        // The mean of λ + ε is that of λ times 1 + the share.
        let total = variances.reduce(0, +) / Double(width)
        let added = total * WhiteningFit.share / (1 + WhiteningFit.share)
        return variances.map { max(0, 1 - added / $0) }
    }
}

/// Mean, variance and length of some rows.
struct RowMoments {
    /// √d / mean ‖x‖: what brings rows to the length that a step of Adam is made for.
    let scale: Double
    let mean: [Double]
    /// The mean of ‖x − mean‖².
    let variance: Double

    /// - Throws: ``DictionaryError/uselessActivations(hook:reason:)`` if the rows do not vary.
    init(_ rows: RowView, place: String) throws(DictionaryError) {
        let width = rows.width
        var sums = [Double](repeating: 0, count: width)
        var (norms, squares) = (0.0, 0.0)
        for r in 0..<rows.count {
            let row = rows.row(r)
            var square = 0.0
            for c in 0..<width {
                sums[c] += Double(row[c])
                square += Double(row[c]) * Double(row[c])
            }
            norms += square.squareRoot()
            squares += square
        }
        let count = Double(rows.count)
        let mean = sums.map { $0 / count }
        let variance = squares / count - mean.reduce(0) { $0 + $1 * $1 }
        guard norms > 0, variance > 1e-9 * squares / count else {
            throw .uselessActivations(hook: place, reason: "they are all the same")
        }
        scale = Double(width).squareRoot() * count / norms
        self.mean = mean
        self.variance = variance
    }
}

// MARK: - Keeping

extension RowPreparation {
    func save(in state: inout TrainerState) {
        state.numbers["rows.scale"] = [Double(scale), Double(variance)]
        state.numbers["rows.norm limit"] = normLimit.map { [Double($0)] } ?? []
        state.numbers["rows.centre"] = centre.map { Double($0) }
        state.numbers["rows.error weights"] = errorWeights.map { $0.map { Double($0) } } ?? []
        state.numbers["rows.mean"] = whitening?.mean ?? []
        state.numbers["rows.variances"] = whitening?.variances ?? []
        state.numbers["rows.directions"] = whitening?.directions ?? []
    }

    /// - Throws: ``DictionaryError/foreignState(reason:)`` if the state is of rows of another width.
    init(_ state: TrainerState, width: Int) throws(DictionaryError) {
        func numbers(_ name: String, _ counts: Int...) throws(DictionaryError) -> [Double] {
            guard let values = state.numbers["rows." + name], counts.contains(values.count) else {
                throw .foreignState(reason: "its \(name) of activations is of another width")
            }
            return values
        }
        let sizes = try numbers("scale", 2)
        (scale, variance) = (Float(sizes[0]), Float(sizes[1]))
        normLimit = try numbers("norm limit", 0, 1).first.map { Float($0) }
        centre = try numbers("centre", width).map { Float($0) }
        let weights = try numbers("error weights", 0, width)
        errorWeights = weights.isEmpty ? nil : weights.map { Float($0) }
        let mean = try numbers("mean", 0, width)
        guard !mean.isEmpty else { return }
        whitening = Whitening(
            mean: mean, variances: try numbers("variances", width),
            directions: try numbers("directions", width * width))
    }
}
