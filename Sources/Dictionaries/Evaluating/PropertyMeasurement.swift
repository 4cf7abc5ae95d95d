import Statistics

/// What ``DictionaryEvaluation`` measures of a dictionary against properties.
struct PropertyMeasurement {
    let figures: [(EvaluationFigure, Estimate)]
    let byProperty: [EvaluatedDictionary.Match]
    let byLatent: [EvaluatedDictionary.Match]

    init(
        _ evaluation: DictionaryEvaluation, trainingTable: LatentTable, testTable: LatentTable
    ) {
        let (training, test) = (evaluation.training, evaluation.test)
        let settings = evaluation.settings
        let thresholds = ActivationThresholds(
            maxima: trainingTable.maxima, shares: settings.thresholds)
        func scanned(_ properties: PropertyBits) -> LatentScan {
            LatentScan(
                trainingTable, properties, thresholds: thresholds, precision: settings.precision,
                threads: settings.threads)
        }
        let scan = scanned(training.properties)
        let coverage = Coverage(scan, rowCount: training.count)
        let shuffled = Self.Shuffled(
            scanned(training.shuffledProperties), evaluation, testTable)
        func mean(
            _ matches: [LatentMatch], on rows: EvaluationRows, _ table: LatentTable
        ) -> Estimate? {
            let counts = GroupedPredictions(
                matches, thresholds, table, rows.properties, groups: rows.groups,
                groupCount: rows.groupCount)
            return settings.resampling.estimate(counts.groups, GroupedPredictions.meanF1)
        }
        let chosen = coverage.perProperty
        let reconstruction = BoardReconstruction(
            scan, testTable, test.properties, properties: evaluation.properties,
            groups: test.groups, groupCount: test.groupCount)
        figures =
            [
                (EvaluationFigure.coverage, mean(chosen, on: training, trainingTable)),
                (.coverageOneThreshold, mean(coverage.oneThreshold, on: training, trainingTable)),
                (.coverageHeldOut, mean(chosen, on: test, testTable)),
                (.reconstruction, reconstruction.meanOfRows(settings.resampling)),
                (
                    .reconstructionPooled,
                    reconstruction.pooled(reconstruction.bestThreshold, settings.resampling)
                ),
                (
                    .reconstructionHighest,
                    reconstruction.pooled(thresholds.shares.count, settings.resampling)
                ),
                (.coverageShuffled, shuffled.coverage),
                (.reconstructionShuffled, shuffled.reconstruction),
            ].compactMap { figure, estimate in estimate.map { (figure, $0) } }
        func named(
            _ matches: [LatentMatch], _ resampling: GroupResampling
        ) -> [EvaluatedDictionary.Match] {
            matches.map { match in
                let counts = GroupedPredictions(
                    [match], thresholds, testTable, test.properties, groups: test.groups,
                    groupCount: test.groupCount)
                return EvaluatedDictionary.Match(
                    latent: match.latent, property: training.properties.names[match.property],
                    threshold: thresholds.shares[match.threshold], f1: match.f1,
                    heldOut: resampling.estimate(
                        counts.groups, GroupedPredictions.meanF1)
                        ?? Estimate(value: 0, interval: nil, count: 0))
            }
        }
        byProperty = named(chosen, settings.resampling)
        // There may be many thousands of latents.
        var single = settings.resampling
        single.replicates = 0
        byLatent = named(scan.ofLatent.compactMap { $0 }, single)
    }

    /// The same with the properties of other rows.
    private struct Shuffled {
        let coverage: Estimate?
        let reconstruction: Estimate?

        init(
            _ scan: LatentScan, _ evaluation: DictionaryEvaluation, _ testTable: LatentTable
        ) {
            let training = evaluation.training
            coverage = Coverage.mean(Coverage(scan, rowCount: training.count).perProperty).map {
                Estimate(value: $0, interval: nil, count: training.groupCount)
            }
            let test = evaluation.test
            let board = BoardReconstruction(
                scan, testTable, test.shuffledProperties, properties: evaluation.properties,
                groups: test.groups, groupCount: test.groupCount)
            reconstruction = Estimate(
                value: board.pooled[board.bestThreshold].f1, interval: nil, count: test.groupCount)
        }
    }
}

extension BoardReconstruction {
    /// Equation 5, with an interval over groups.
    func meanOfRows(_ resampling: GroupResampling) -> Estimate? {
        resampling.estimate(rowSums.map { [$0.f1, Double($0.count)] }) { sums in
            sums[1] > 0 ? sums[0] / sums[1] : nil
        }
    }

    /// F1 over all rows at a threshold, with an interval over groups.
    func pooled(_ threshold: Int, _ resampling: GroupResampling) -> Estimate? {
        let groups = byGroup.map { counts in
            [
                Double(counts[threshold].truePositives), Double(counts[threshold].predicted),
                Double(counts[threshold].holding),
            ]
        }
        return resampling.estimate(groups, GroupedPredictions.meanF1)
    }
}
