import LinearAlgebra
import Subjects

extension TopKTrainer {
    /// The loss of ``batch`` and its derivative by every parameter.
    func differentiate() -> TrainingLoss {
        findDead()
        choose()
        let rows = setting.batchSize
        let levels = errors.indices.map { total(ofSquares: 1 + $0) }
        let (error, deadError) = (levels[levels.count - 1], total(ofSquares: 0))
        let weight = error > 0 && !dead.isEmpty ? setting.deadWeight / Float(error) : 0
        if weight > 0 {
            inRowChunks { self.differentiateDead($0, scale: 2 * weight) }
        } else {
            deadChoice.clear()
        }
        choice.order()
        deadChoice.order()
        inLatentChunks { for latent in $0 { self.gather(latent) } }
        gatherDecoderBias()
        countSilence()
        noteUses()
        let normaliser = Double(rows) * Double(setting.variance)
        let mean = levels.reduce(0, +) / Double(levels.count)
        return TrainingLoss(
            unexplained: error / normaliser,
            auxiliary: Double(weight) * deadError + (mean - error) / normaliser,
            activeLatents: Double(choice.starts[setting.latentCount]) / Double(rows),
            deadLatents: dead.count)
    }

    private func findDead() {
        dead.removeAll(keepingCapacity: true)
        for latent in 0..<setting.latentCount
        where silence[latent] >= setting.deadAfter && mask?.isMasked(latent) != true {
            dead.append(UInt32(latent))
        }
    }

    private func countSilence() {
        for latent in 0..<setting.latentCount {
            silence[latent] =
                choice.uses(of: latent).isEmpty ? silence[latent] + setting.batchSize : 0
        }
    }

    private func total(ofSquares index: Int) -> Double {
        let values = squares.view(1 + errors.count).row(index)
        return (0..<setting.batchSize).reduce(0) { $0 + Double(values[$1]) }
    }

    /// What a squared error of 1 on one level adds to the loss, times 2.
    private var slopeScale: Float {
        2 / (Float(setting.batchSize) * setting.variance * Float(errors.count))
    }

    /// What the chosen latents make of some rows, and how the loss changes with each.
    func explain(_ rows: Range<Int>) {
        let (d, scale) = (setting.width, slopeScale)
        let sums = squares.view(1 + errors.count)
        for row in rows {
            var place = choice.places(of: row).lowerBound
            for level in errors.indices {
                let error = self.error(level, row)
                if level > 0 {
                    error.update(from: self.error(level - 1, row), count: d)
                } else {
                    let x = centred.view(setting.batchSize).row(row)
                    for c in 0..<d { error[c] = -x[c] }
                }
                let end = end(of: level, row, from: place)
                RowKernels.addRows(
                    choice.activations + place, choice.latents + place, count: end - place,
                    of: decoder.values, to: error)
                sums.row(1 + level)[row] = square(error)
                place = end
            }
            if !dead.isEmpty { sums.row(0)[row] = explainWithDead(row) }
            differentiate(row, scale: scale)
        }
    }

    private func error(_ level: Int, _ row: Int) -> UnsafeMutablePointer<Float> {
        errors[level].view(setting.batchSize).row(row)
    }

    /// Where the places of a row's latents end that belong to a level.
    private func end(of level: Int, _ row: Int, from first: Int) -> Int {
        let last = choice.places(of: row).upperBound
        guard level + 1 < errors.count else { return last }
        var place = first
        while place < last, choice.latents[place] < setting.prefixes[level] { place += 1 }
        return place
    }

    private func square(_ error: UnsafeMutablePointer<Float>) -> Float {
        guard let weights = errorWeights?.view(1).base else {
            return RowKernels.dot(error, error, count: setting.width)
        }
        return RowKernels.weightedSquare(error, weights, count: setting.width)
    }

    private func explainWithDead(_ row: Int) -> Float {
        let error = deadErrors.view(setting.batchSize).row(row)
        // ê − e = ê + (x̂ − x)
        error.update(from: self.error(errors.count - 1, row), count: setting.width)
        let places = deadChoice.places(of: row)
        RowKernels.addRows(
            deadChoice.activations + places.lowerBound, deadChoice.latents + places.lowerBound,
            count: places.count, of: decoder.values, to: error)
        return square(error)
    }

    /// The derivative by what each level's own latents make, which all later levels share, and by each
    /// pre-activation.
    private func differentiate(_ row: Int, scale: Float) {
        for level in errors.indices.reversed() {
            weigh(error(level, row), scale)
            if level + 1 < errors.count {
                RowKernels.addScaled(
                    1, error(level + 1, row), to: error(level, row), count: setting.width)
            }
        }
        var place = choice.places(of: row).lowerBound
        for level in errors.indices {
            let end = end(of: level, row, from: place)
            RowKernels.dotRows(
                error(level, row), choice.latents + place, count: end - place,
                of: decoder.values, into: choice.slopes + place)
            place = end
        }
    }

    private func weigh(_ error: UnsafeMutablePointer<Float>, _ scale: Float) {
        RowKernels.scale(error, by: scale, count: setting.width)
        if let weights = errorWeights?.view(1).base {
            RowKernels.multiply(error, by: weights, count: setting.width)
        }
    }

    /// The derivative by what some rows' dead latents make together, and by each pre-activation.
    private func differentiateDead(_ rows: Range<Int>, scale: Float) {
        for row in rows {
            let slope = deadErrors.view(setting.batchSize).row(row)
            weigh(slope, scale)
            let places = deadChoice.places(of: row)
            RowKernels.dotRows(
                slope, deadChoice.latents + places.lowerBound, count: places.count,
                of: decoder.values, into: deadChoice.slopes + places.lowerBound)
        }
    }

    /// The level, from 0, that a latent first acts on.
    private func level(of latent: Int) -> Int {
        setting.levels.firstIndex { latent < $0 } ?? 0
    }

    /// Sums a latent's derivatives over the rows on which it acts.
    private func gather(_ latent: Int) {
        encoder.gradient.row(latent).update(repeating: 0, count: setting.width)
        decoder.gradient.row(latent).update(repeating: 0, count: setting.width)
        encoderBias.gradient.base[latent] = 0
        gather(latent, choice, errors[level(of: latent)])
        gather(latent, deadChoice, deadErrors)
    }

    private func gather(_ latent: Int, _ choice: LatentChoice, _ errors: Scratch) {
        let (uses, rows) = (choice.uses(of: latent), setting.batchSize)
        let list = choice.orderedRows + uses.lowerBound
        RowKernels.addRows(
            choice.orderedActivations + uses.lowerBound, list, count: uses.count,
            of: errors.view(rows), to: decoder.gradient.row(latent))
        RowKernels.addRows(
            choice.orderedSlopes + uses.lowerBound, list, count: uses.count,
            of: centred.view(rows), to: encoder.gradient.row(latent))
        for index in uses { encoderBias.gradient.base[latent] += choice.orderedSlopes[index] }
    }

    /// b_dec is in every x̂ₗ, and is taken from what is encoded.
    private func gatherDecoderBias() {
        inChunks(of: 64, setting.width) { columns in
            let (slope, rows) = (
                self.decoderBias.gradient.base + columns.lowerBound, self.setting.batchSize
            )
            slope.update(repeating: 0, count: columns.count)
            for row in 0..<rows {
                RowKernels.addScaled(
                    1, self.error(0, row) + columns.lowerBound, to: slope, count: columns.count)
            }
            for latent in 0..<self.setting.latentCount {
                RowKernels.addScaled(
                    -self.encoderBias.gradient.base[latent],
                    self.encoder.values.row(latent) + columns.lowerBound, to: slope,
                    count: columns.count)
            }
        }
    }

    /// Lets the mask see what each latent did. Its contribution is the mean over the levels.
    private func noteUses() {
        guard mask != nil else { return }
        let uses = (0..<setting.latentCount).map { latent in
            let share = Float(errors.count - level(of: latent)) / Float(errors.count)
            let square = share * square(decoder.values.row(latent))
            var use = LatentUse()
            for index in choice.uses(of: latent) {
                use.add(
                    choice.orderedActivations[index],
                    likeness: choice.orderedSlopes[index] / (slopeScale * Float(errors.count)),
                    square: square)
            }
            return use
        }
        mask?.note(uses, rows: setting.batchSize)
    }
}
