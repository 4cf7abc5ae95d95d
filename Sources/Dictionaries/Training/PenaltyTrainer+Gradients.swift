import LinearAlgebra
import Subjects

extension PenaltyTrainer {
    /// The loss of ``batch`` and its derivative by every parameter.
    func differentiate(_ number: Int) -> TrainingLoss {
        let rows = setting.batchSize
        rule.begin(number, share: Float(setting.penaltyShare(number)), rows: rows)
        drawMask(number)
        tally.clear()
        for vector in rule.vectors { vector.block.gradient.fill(0) }
        inLatentChunks {
            self.panels.pack($0, of: self.encoder.values, bias: self.rule.encoderBias)
        }
        if activeShare < setting.sparseBelow {
            tables = nil
            differentiateActive()
        } else {
            differentiateAll()
        }
        let sparsity = rule.complete(
            tally, SIMD2(total(.cost), total(.nextCost)), rows: rows)
        gatherDecoderBias()
        countUses()
        let count = total(.active)
        activeShare = count / (Double(rows) * Double(setting.latentCount))
        return TrainingLoss(
            unexplained: total(.error) / Double(rows), sparsity: sparsity,
            auxiliary: total(.memoError) / Double(rows), activeLatents: count / Double(rows),
            deadLatents: silence.count { $0 >= setting.deadAfter })
    }

    private func drawMask(_ number: Int) {
        masked.removeAll(keepingCapacity: true)
        guard mask != nil else { return }
        mask?.begin(number)
        masked = (0..<setting.latentCount).filter { mask?.isMasked($0) ?? false }
    }

    private func countUses() {
        for latent in 0..<setting.latentCount {
            silence[latent] = tally.rows[latent] > 0 ? 0 : silence[latent] + setting.batchSize
        }
        guard mask != nil else { return }
        mask?.note((0..<setting.latentCount).map(tally.use(of:)), rows: setting.batchSize)
    }

    private func total(_ sum: RowSum) -> Double {
        let values = rowSums.view(RowSum.allCases.count).row(sum.rawValue)
        return (0..<setting.batchSize).reduce(0) { $0 + Double(values[$1]) }
    }

    func put(_ value: Double, as sum: RowSum, of row: Int) {
        rowSums.view(RowSum.allCases.count).row(sum.rawValue)[row] = Float(value)
    }

    /// What the encoder reads of some rows.
    func prepare(_ rows: Range<Int>) {
        let (d, unit) = (setting.width, unit)
        let (batch, inputs) = (batch.view(setting.batchSize), inputs.view(setting.batchSize))
        let bias = decoderBias.values.base
        for row in rows {
            let (from, to) = (batch.row(row), inputs.row(row))
            if rule.subtractsDecoderBias {
                for c in 0..<d { to[c] = unit * from[c] - bias[c] }
            } else {
                for c in 0..<d { to[c] = unit * from[c] }
            }
        }
    }

    /// b_dec − x, to which decoder rows are added.
    func beginError(_ row: Int, in errors: Scratch) {
        let d = setting.width
        let error = errors.view(setting.batchSize).row(row)
        let input = inputs.view(setting.batchSize).row(row)
        let bias = decoderBias.values.base
        if rule.subtractsDecoderBias {
            for c in 0..<d { error[c] = -input[c] }
        } else {
            for c in 0..<d { error[c] = bias[c] - input[c] }
        }
    }

    /// Sums up a row's error, and makes it the derivative by x̂.
    func endError(_ row: Int, in errors: Scratch, as sum: RowSum) {
        let d = setting.width
        let error = errors.view(setting.batchSize).row(row)
        let scale = 2 / Float(setting.batchSize)
        guard let weights = setting.errorWeights else {
            put(Double(RowKernels.dot(error, error, count: d)), as: sum, of: row)
            RowKernels.scale(error, by: scale, count: d)
            return
        }
        var square: Float = 0
        for c in 0..<d {
            let weighted = weights[c] * error[c]
            square += weighted * error[c]
            error[c] = scale * weighted
        }
        put(Double(square), as: sum, of: row)
    }

    /// Notes what a row's activations cost, and how many there are.
    func count(_ run: LatentRun, of row: Int) {
        let cost = rule.cost(of: run)
        put(cost.x, as: .cost, of: row)
        put(cost.y, as: .nextCost, of: row)
        var activeCount = 0
        for i in 0..<run.count where run.codes[i * run.stride] != 0 { activeCount += 1 }
        put(Double(activeCount), as: .active, of: row)
    }

    private func gatherDecoderBias() {
        let d = setting.width
        let slope = decoderBias.gradient.base
        slope.update(repeating: 0, count: d)
        let errors = errors.view(setting.batchSize)
        for row in 0..<setting.batchSize {
            RowKernels.addScaled(1, errors.row(row), to: slope, count: d)
        }
        guard rule.subtractsDecoderBias else { return }
        for latent in 0..<setting.latentCount {
            RowKernels.addScaled(
                -tally.slopes[latent], encoder.values.row(latent), to: slope, count: d)
        }
    }
}
