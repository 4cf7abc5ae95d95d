import ArgumentParser
import Digests
import Explaining
import Foundation
import HTTP
import Instruments

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Judge explanations of text features, from any tool, by what they predict.",
        discussion: """
            FEATURES are files of Neuronpedia (a feature, a folder of its export, an upload), OpenAI's \
            neuron records, or neuron puzzles; which one is found out. Without --explanations those in \
            the files are judged.

            Each score stands beside that of another feature's explanation and of the rule inducer's. \
            Without --model, formulas judge: an explanation's own, or one read from its words where all \
            of them are understood; others are not judged, and why is said.

            Example:
              conjecture evaluate features.json --explanations delphi/explanations mine.csv
              conjecture evaluate neuron-puzzles.json --model openai:gpt-5-mini
            """)

    @Argument(help: ArgumentHelp("Features with their texts.", valueName: "features"))
    var features: [String]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Explanations: a folder of delphi's, JSON, CSV, or what `conjecture report --json` prints.",
            valueName: "file"))
    var explanations: [String] = []

    @Option(
        help: ArgumentHelp(
            "Judge these features only, by number: 3,17,40-59.", valueName: "features"))
    var only: String?

    @Option(
        help: ArgumentHelp("Firing texts, and silent ones, that are shown.", valueName: "count"))
    var texts = 10

    @Option(help: "Decides which texts are shown, and in which order.")
    var seed: UInt64 = 1

    @Flag(inversion: .prefixedNo, help: "Judge the controls beside each explanation.")
    var controls = true

    @Flag(help: "Print one JSON object instead of a table.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Also write explanations and detection scores as delphi does.", valueName: "folder"))
    var delphi: String?

    @Option(
        help: ArgumentHelp(
            "Let the model write texts from each explanation and measure them: a model's folder.",
            valueName: "folder"))
    var subject: String?

    @Option(help: ArgumentHelp("The subject's sparse autoencoder.", valueName: "path"))
    var sae: String?

    @Option(
        help: ArgumentHelp(
            "Measure written texts at Neuronpedia, or a server that speaks as it does, instead.",
            valueName: "url"))
    var neuronpedia: String?

    @OptionGroup var model: ModelOptions
    @OptionGroup var observation: ObservationOptions
    @OptionGroup var memory: MemoryOptions

    func validate() throws {
        guard (1...1_000).contains(texts) else {
            throw ValidationError("--texts \(texts): give a number from 1 to 1000.")
        }
        guard (subject == nil) == (sae == nil), subject == nil || neuronpedia == nil else {
            throw ValidationError("give --subject with its --sae, or --neuronpedia.")
        }
    }

    func run() async throws {
        var settings = EvaluationSettings()
        settings.seed = seed
        (settings.firing, settings.silent, settings.predicted) = (texts, texts, texts)
        settings.controls = controls
        let documents = try documents()
        let judge = try await JudgeChoice(model: model, observation: observation, memory: memory)
            .judge(batch: settings.batch)
        if documents.count == 1, case .puzzles(let puzzles) = documents[0] {
            guard explanations.isEmpty else {
                throw ValidationError("--explanations: puzzles bring their own.")
            }
            let report = try await PuzzleReport.run(puzzles, judge: judge, settings: settings)
            return print(
                json ? try CanonicalJSON.encode(report) : EvaluationTable(report).text)
        }
        let measured = try measured(documents)
        let report = try await Evaluation(
            settings: settings, judge: judge, instrument: instrument(documents)
        ).run(measured)
        if let delphi { try DelphiResults(report).write(to: delphi) }
        print(json ? try CanonicalJSON.encode(report) : EvaluationTable(report).text)
    }

    private func documents() throws -> [ImportedDocument] {
        var indices: Set<Int>?
        if let only, case .list(let list) = try FeatureRequest.parse(only) { indices = Set(list) }
        return try features.map { try ImportedDocument.read($0, indices: indices) }
    }

    /// What measures written texts; its latents have the features' numbers, so all must be of one
    /// source.
    private func instrument(_ documents: [ImportedDocument]) throws -> (any TextInstrument)? {
        if let subject, let sae {
            return try TextSubject(model: subject, autoencoder: sae, threads: 2)
        }
        guard let neuronpedia else { return nil }
        let sources = Set(
            documents.flatMap { document -> [NeuronpediaSource] in
                guard case .features(let features) = document else { return [] }
                return features.map(\.feature.source)
            })
        guard let source = sources.first, sources.count == 1 else {
            throw ValidationError("--neuronpedia: the features must be of one source of its.")
        }
        return NeuronpediaInstrument(
            source, at: NeuronpediaServer(base: neuronpedia, client: try HTTPClient()))
    }

    private func measured(_ documents: [ImportedDocument]) throws -> [MeasuredFeature] {
        var measured: [MeasuredFeature] = []
        for (path, document) in zip(features, documents) {
            switch document {
            case .features(let features): measured += features.map(MeasuredFeature.init)
            case .neurons(let neurons): measured += neurons.map(MeasuredFeature.init)
            case .puzzles: throw ValidationError("\(path): puzzles are judged alone.")
            }
        }
        guard Set(measured.map(\.name)).count == measured.count else {
            throw ValidationError("a feature occurs twice in these files.")
        }
        guard !explanations.isEmpty else { return measured }
        for place in measured.indices { measured[place].explanations = [] }
        for path in explanations {
            let file = try ExplanationFile(path: path)
            let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
            let strangers = measured.take(file, source: name)
            if strangers > 0 {
                Console.error("\(path): \(strangers) explanations are of none of these features")
            }
        }
        return measured
    }
}
