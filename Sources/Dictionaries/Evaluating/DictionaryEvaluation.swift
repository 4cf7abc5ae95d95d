import LinearAlgebra
import Statistics
import Subjects

/// Measures dictionaries on the same rows of one place in a model, against known properties.
///
/// Made once for a model and a place; ``measure(_:)`` then takes one dictionary after another. Latents,
/// thresholds and nearly sure properties are chosen on the training rows; what is called held out, the
/// reconstruction of properties, and all figures without properties are measured on the test rows. The
/// number of threads changes no result.
public struct DictionaryEvaluation: Sendable {
    /// What decides the figures beside the data.
    public struct Settings: Sendable, Hashable {
        /// Shares of a latent's greatest activation on the training rows.
        public var thresholds = ActivationThresholds.usualShares
        public var precision = LatentScan.Precision()
        public var resampling = GroupResampling()
        /// Whether sparse probing, targeted perturbation and absorption are measured.
        public var measuresConcepts = true
        /// Two properties of which one is to be taken away, or nil.
        public var spuriousPair: SpuriousPair?
        /// How many latents of a property are taken away, of a dictionary that has far more.
        public var perturbedLatents = 20
        public var threads: Int

        public init(threads: Int = 2) { self.threads = threads }
    }

    public let training: EvaluationRows
    public let test: EvaluationRows
    public let settings: Settings
    /// Where the rows are from, for instance a model and a hook.
    public let place: String
    /// The hook that dictionaries must name, or nil for any.
    let hookName: String?
    /// What a linear probe reads of the properties, and what always saying yes gives; the same for
    /// every dictionary.
    public let bounds: [EvaluatedDictionary.Figure]
    /// The properties that count: those that hold on some but not all training rows.
    public let properties: [Int]
    /// Of ``properties``, in their order.
    let fittedProbe: LinearProbe?
    private let splicing: SplicedLoss.Material?
    /// More groups do not make an interval better.
    private static let groupLimit = 2000
    private let testMean: [Double]

    /// - Parameters:
    ///   - probe: nil for no linear probe, which takes most of the time where rows are wide.
    ///   - splicing: the sequences that the test rows are of, to measure the model's loss.
    init(
        training: EvaluationRows, test: EvaluationRows, place: String, hookName: String? = nil,
        settings: Settings, probe: LinearProbe.Settings? = LinearProbe.Settings(),
        splicing: SplicedLoss.Material? = nil
    ) throws(EvaluationError) {
        precondition(
            training.properties.names == test.properties.names
                && training.values.columns == test.values.columns,
            "DictionaryEvaluation: training and test rows of other properties or widths")
        for (what, rows) in [("training rows", training), ("test rows", test)] {
            guard rows.count >= 2 else { throw .tooFew(what: what, found: rows.count, least: 2) }
        }
        self.training = training.coarsened(to: Self.groupLimit)
        self.test = test.coarsened(to: Self.groupLimit)
        self.place = place
        self.hookName = hookName
        self.settings = settings
        self.splicing = splicing
        testMean = ReconstructionQuality.mean(test.values)
        properties = training.properties.bits.indices.filter { property in
            let holding = training.properties.bits[property].population
            return holding > 0 && holding < training.count
        }
        if let probe, !properties.isEmpty {
            fittedProbe = LinearProbe(
                self.training.values, self.training.properties.taking(properties),
                settings: probe, threads: settings.threads)
        } else {
            fittedProbe = nil
        }
        bounds = Self.bounds(self.test, properties, settings, fittedProbe)
    }

    /// For rows that are at hand, of any origin.
    ///
    /// - Throws: ``EvaluationError/tooFew(what:found:least:)``.
    public init(
        training: EvaluationRows, test: EvaluationRows, place: String,
        settings: Settings = Settings(), probe: LinearProbe.Settings? = LinearProbe.Settings()
    ) throws(EvaluationError) {
        try self.init(
            training: training, test: test, place: place, hookName: nil, settings: settings,
            probe: probe, splicing: nil)
    }

    private static func bounds(
        _ test: EvaluationRows, _ properties: [Int], _ settings: Settings, _ probe: LinearProbe?
    ) -> [EvaluatedDictionary.Figure] {
        guard !properties.isEmpty else { return [] }
        var always = GroupedPredictions(
            predictionCount: properties.count, groupCount: test.groupCount)
        for (number, property) in properties.enumerated() {
            for row in 0..<test.count {
                always.add(
                    number, group: test.groups[row], predicted: true,
                    holds: test.properties.bits[property][row])
            }
        }
        var found = [(EvaluationFigure.alwaysYes, always)]
        if let probe {
            let predictions = probe.predictions(
                test.values, test.properties.taking(properties),
                properties: Array(properties.indices), groups: test.groups,
                groupCount: test.groupCount, threads: settings.threads)
            found.append((.probe, predictions))
        }
        return found.compactMap { figure, predictions in
            settings.resampling.estimate(predictions.groups, GroupedPredictions.meanF1)
                .map { .init(figure: figure, estimate: $0) }
        }
    }

    /// Everything that can be measured of a dictionary here.
    ///
    /// Blocks the calling thread; keep it off the cooperative pool.
    ///
    /// - Throws: ``EvaluationError`` if it does not fit the rows.
    public func measure(
        _ dictionary: SparseAutoencoder
    ) throws(EvaluationError) -> EvaluatedDictionary {
        try check(dictionary)
        let trainingTable = try table(dictionary, training.values)
        let testTable = try table(dictionary, test.values)
        let back = try reconstruct(dictionary, test.values)
        let quality = ReconstructionQuality(
            test.values, back, testTable, groups: test.groups, groupCount: test.groupCount)
        var figures = quality.figures(settings.resampling)
        figures += shares(testTable) + geometry(dictionary)
        if let splicing {
            do throws(SubjectError) {
                let loss = try SplicedLoss(
                    splicing, back, mean: testMean, groups: test.groups,
                    groupCount: test.groupCount, threads: settings.threads)
                figures += loss.figures(settings.resampling)
            } catch {
                throw .subject(error)
            }
        }
        guard !properties.isEmpty else { return result(dictionary, figures, [], []) }
        let measurement = PropertyMeasurement(
            self, trainingTable: trainingTable, testTable: testTable)
        if settings.measuresConcepts {
            figures += try ConceptMeasurement(
                self, dictionary, trainingTable: trainingTable, testTable: testTable
            ).figures
        }
        figures += measurement.figures + bounds.map { ($0.figure, $0.estimate) }
        return result(dictionary, figures, measurement.byProperty, measurement.byLatent)
    }

    private func result(
        _ dictionary: SparseAutoencoder, _ figures: [(EvaluationFigure, Estimate)],
        _ byProperty: [EvaluatedDictionary.Match], _ byLatent: [EvaluatedDictionary.Match]
    ) -> EvaluatedDictionary {
        let ordered = EvaluationFigure.allCases.compactMap { name in
            figures.first { $0.0 == name }.map {
                EvaluatedDictionary.Figure(figure: $0.0, estimate: $0.1)
            }
        }
        return EvaluatedDictionary(
            name: dictionary.name, latentCount: dictionary.latentCount, figures: ordered,
            byProperty: byProperty, byLatent: byLatent)
    }

    private func check(_ dictionary: SparseAutoencoder) throws(EvaluationError) {
        guard dictionary.inputWidth == dictionary.outputWidth else {
            throw .transcoder(name: dictionary.name)
        }
        guard dictionary.inputWidth == test.values.columns else {
            throw .subject(
                .widthMismatch(
                    of: "dictionary \(dictionary.name)", width: dictionary.inputWidth,
                    model: place, modelWidth: test.values.columns))
        }
        if let hookName, let found = dictionary.origin.hookName, found != hookName {
            throw .otherHook(name: dictionary.name, found: found, expected: hookName)
        }
    }

    private func table(
        _ dictionary: SparseAutoencoder, _ rows: Matrix
    ) throws(EvaluationError) -> LatentTable {
        do throws(SubjectError) {
            return LatentTable(
                try dictionary.encode(rows, threads: settings.threads),
                latentCount: dictionary.latentCount)
        } catch {
            throw .subject(error)
        }
    }

    private func reconstruct(
        _ dictionary: SparseAutoencoder, _ rows: Matrix
    ) throws(EvaluationError) -> Matrix {
        let size = 512
        let count = (rows.rows + size - 1) / size
        let width = rows.columns
        var parts = [Result<Matrix, SubjectError>?](repeating: nil, count: count)
        parts.withUnsafeMutableBufferPointer { buffer in
            // Each worker writes to parts of its own.
            nonisolated(unsafe) let parts = buffer
            inParallel(count, threads: settings.threads) { part in
                let range = part * size..<min(rows.rows, (part + 1) * size)
                let own = Matrix(
                    rows: range.count, columns: width,
                    storage: Array(
                        rows.storage[range.lowerBound * width..<range.upperBound * width]))
                parts[part] = Result { () throws(SubjectError) in try dictionary.reconstruct(own) }
            }
        }
        var storage: [Float] = []
        storage.reserveCapacity(rows.rows * width)
        for part in parts {
            switch part {
            case .success(let part): storage += part.storage
            case .failure(let error): throw .subject(error)
            case nil: preconditionFailure("a part that was not reconstructed")
            }
        }
        return Matrix(rows: rows.rows, columns: width, storage: storage)
    }

    private func shares(_ table: LatentTable) -> [(EvaluationFigure, Estimate)] {
        let uses = (0..<table.latentCount).map { Double(table.useCount(of: $0)) }
        let rows = Double(table.rowCount)
        func share(_ floor: Double) -> Estimate {
            Estimate(
                value: Double(uses.count { $0 > floor }) / Double(uses.count), interval: nil,
                count: test.groupCount)
        }
        return [
            (.liveShare, share(0)), (.denseOneShare, share(rows / 100)),
            (.denseTenShare, share(rows / 10)),
        ]
    }

    private func geometry(_ dictionary: SparseAutoencoder) -> [(EvaluationFigure, Estimate)] {
        let geometry = DecoderGeometry(
            encoder: dictionary.encoderRows, decoder: dictionary.decoderRows,
            threads: settings.threads)
        func mean(_ values: [Float]) -> Estimate {
            Estimate(
                value: values.reduce(0.0) { $0 + Double($1) } / Double(values.count),
                interval: nil, count: values.count)
        }
        return [
            (.decoderCosine, mean(geometry.greatestCosines)),
            (.encoderDecoderCosine, mean(geometry.encoderCosines)),
        ]
    }
}
