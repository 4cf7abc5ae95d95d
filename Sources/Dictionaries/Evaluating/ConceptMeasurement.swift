import LinearAlgebra
import Statistics
import Subjects

/// What ``DictionaryEvaluation`` measures of a dictionary with probes: sparse probing, targeted
/// perturbation and absorption, on the properties that are nearest to holding half of the time.
struct ConceptMeasurement {
    private(set) var figures: [(EvaluationFigure, Estimate)] = []

    /// More properties take too long, and so do those with too few rows to tell.
    static let propertyLimit = 32
    private static let leastRows = 20

    init(
        _ evaluation: DictionaryEvaluation, _ dictionary: SparseAutoencoder,
        trainingTable: LatentTable, testTable: LatentTable
    ) throws(EvaluationError) {
        let (training, test) = (evaluation.training, evaluation.test)
        let resampling = evaluation.settings.resampling
        if let pair = evaluation.settings.spuriousPair {
            let removal = try SpuriousCorrelation(
                pair, training: training, trainingTable: trainingTable, test: test,
                testTable: testTable, decoder: dictionary.actingDecoderRows,
                latents: evaluation.settings.perturbedLatents, threads: evaluation.settings.threads)
            add(
                .spuriousRemoval, resampling.estimate(removal.groups, SpuriousCorrelation.score))
        }
        let properties = Self.chosen(training, test)
        guard !properties.isEmpty else { return }
        let probing = SparseProbing(trainingTable, training.properties, properties: properties)
        let counts: [(EvaluationFigure, Int)] = [
            (.sparseProbingOne, 1), (.sparseProbingTwo, 2), (.sparseProbingFive, 5),
        ]
        for (figure, count) in counts {
            let accuracy = try probing.accuracy(count: count, on: testTable, test)
            add(figure, resampling.estimate(accuracy.groups, GroupedAccuracies.mean))
        }
        guard let probe = evaluation.fittedProbe else { return }
        let places = properties.compactMap { evaluation.properties.firstIndex(of: $0) }
        let reading = ProbeReading(
            probe.taking(places), dictionary, test.values, threads: evaluation.settings.threads)
        let perturbation = TargetedPerturbation(
            training: trainingTable, trainingTruth: training.properties, test: testTable,
            rows: test, properties: properties, effects: reading.effects, odds: reading.odds,
            latents: evaluation.settings.perturbedLatents)
        add(
            .targetedPerturbation,
            resampling.estimate(perturbation.groups) { perturbation.score($0) })
        var main: [[Int]] = []
        for number in properties.indices { main.append(try probing.mainLatents(number)) }
        let absorption = Absorption(
            test: testTable, rows: test, properties: properties, main: main,
            effects: reading.effects, cosines: reading.cosines, projections: reading.projections,
            odds: reading.odds)
        add(.absorption, resampling.estimate(absorption.groups, Absorption.rate))
    }

    private mutating func add(_ figure: EvaluationFigure, _ estimate: Estimate?) {
        if let estimate { figures.append((figure, estimate)) }
    }

    private static func chosen(_ training: EvaluationRows, _ test: EvaluationRows) -> [Int] {
        func rarer(_ rows: EvaluationRows, _ property: Int) -> Int {
            let holding = rows.properties.bits[property].population
            return min(holding, rows.count - holding)
        }
        return training.properties.bits.indices.filter {
            rarer(training, $0) >= leastRows && rarer(test, $0) >= leastRows
        }.sorted { (rarer(training, $1), $0) < (rarer(training, $0), $1) }
            .prefix(propertyLimit).sorted()
    }
}

/// Probes beside a dictionary's directions and some rows.
private struct ProbeReading {
    /// Decoder row · probe, [F × properties].
    let effects: Matrix
    /// The same divided by both lengths.
    let cosines: Matrix
    /// x · probe, [rows × properties].
    let projections: Matrix
    /// With the bias.
    let odds: Matrix

    init(_ probe: LinearProbe, _ dictionary: SparseAutoencoder, _ rows: Matrix, threads: Int) {
        let decoder = dictionary.actingDecoderRows
        let packed = PackedMatrix(probe.weights)
        effects = RowProduct.product(decoder, packed, threads: threads)
        projections = RowProduct.product(rows, packed, threads: threads)
        odds = probe.logOdds(rows, threads: threads)
        func length(_ values: some Sequence<Float>) -> Float {
            values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
        let probes = probe.weights.transposed()
        let probeLengths = (0..<probes.rows).map { length(probes.row($0)) }
        var cosines = effects
        for latent in 0..<decoder.rows {
            let own = length(decoder.row(latent))
            for property in 0..<probes.rows {
                let lengths = own * probeLengths[property]
                cosines[latent, property] = lengths > 0 ? cosines[latent, property] / lengths : 0
            }
        }
        self.cosines = cosines
    }
}
