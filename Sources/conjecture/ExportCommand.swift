import ArgumentParser
import Explaining
import Instruments
import JSON
import Memory

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a run's explanations in the formats of other tools.",
        discussion: """
            Nothing is measured and nothing is sent. Formats:
              csv, jsonl            a row for each explained feature
              neuronpedia-list      body of POST /api/list/new-with-features
              neuronpedia-upload    bodies of POST /api/feature/upload-batch, 128 features each
              delphi                a folder with explanations/*.txt
              neuron-record         OpenAI's NeuronRecord, one a line; needs --features with texts

            Example:
              conjecture export explain-1a2b3c4d --format csv --out explanations.csv
              conjecture export explain-1a2b3c4d --format neuronpedia-list \\
                --source gpt2-small/6-res-jb --out list.json

            Where the run's policy asks people before an export, it waits for them; explanations that they \
            did not approve are left out.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case csv, jsonl, delphi
        case list = "neuronpedia-list"
        case upload = "neuronpedia-upload"
        case record = "neuron-record"
    }

    @Argument(help: "The run, as `conjecture runs` lists it.")
    var run: String

    @Option(help: "One of the formats above.")
    var format: Format

    @Option(help: ArgumentHelp("Where to write it.", valueName: "path"))
    var out: String

    @Option(
        help: ArgumentHelp(
            "What Neuronpedia calls the source of the features.", valueName: "model/source"))
    var source: String?

    @Option(help: ArgumentHelp("What delphi calls the place in the model.", valueName: "name"))
    var module = "conjecture"

    @Option(
        help: ArgumentHelp(
            "Whom to name as the explanations' model; Neuronpedia must know it.", valueName: "name")
    )
    var author = "conjecture"

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Files of Neuronpedia's with the features' texts and activations.", valueName: "file"))
    var features: [String] = []

    @OptionGroup var memory: MemoryOptions
    @OptionGroup var waiting: WaitingOptions

    func validate() throws {
        if source == nil, [.list, .upload].contains(format) {
            throw ValidationError(
                "--format \(format.rawValue): name the features' --source, as gpt2-small/6-res-jb.")
        }
        if features.isEmpty, format == .record {
            throw ValidationError(
                "--format neuron-record: it holds texts with activations; give --features.")
        }
    }

    func run() async throws {
        let store = try memory.openExisting()
        let export = RunExport(try await ExplainStudy.record(store: store, run: run), run: run)
        try await approve(export, store)
        switch format {
        case .csv: try ExportFile.write(export.table.text, to: out)
        case .jsonl: try ExportFile.write(export.lines, to: out)
        case .delphi: try export.delphi(module: module).write(to: out)
        case .list:
            let list = try export.neuronpediaList(of: NeuronpediaSource(parsing: source ?? ""))
            try ExportFile.write(list.json.text, to: out)
        case .upload: try writeUpload(export)
        case .record: try writeRecords(export)
        }
        Console.error(
            "\(export.rows.count) explanations written to \(out)"
                + (export.unexplained > 0 ? "; \(export.unexplained) features have none" : "")
                + (export.notApproved > 0
                    ? "; \(export.notApproved) were not approved and are left out" : ""))
    }

    private func approve(_ export: RunExport, _ store: Store) async throws {
        let manifest = try StudyManifest(of: try await store.run(run))
        guard let policy = manifest.plan.approval else { return }
        try await ExportApproval(
            export: export, manifest: manifest,
            form: [format.rawValue, source ?? "", module, author],
            wait: ApprovalWait(
                store: store, run: run, policy: policy, isPatient: waiting.isPatient)
        ).ask()
    }

    private func known() throws -> [ImportedFeature] {
        try features.flatMap { path -> [ImportedFeature] in
            guard case .features(let features) = try ImportedDocument.read(path) else {
                throw ValidationError("\(path): give features of Neuronpedia's.")
            }
            return features
        }
    }

    private func writeUpload(_ export: RunExport) throws {
        let features = try export.features(
            of: NeuronpediaSource(parsing: source ?? ""), known: known())
        let upload = try NeuronpediaUpload(features, author: author)
        for (number, body) in upload.bodies.enumerated() {
            try ExportFile.write(body.text, to: number == 0 ? out : "\(out).\(number + 1)")
        }
        for (cut, count) in upload.cuts.sorted(by: { $0.key < $1.key }) {
            Console.error("\(cut): \(count)")
        }
    }

    private func writeRecords(_ export: RunExport) throws {
        let wanted = Set(export.rows.compactMap(\.index))
        let records = try known().filter { wanted.contains($0.feature.index) }.map {
            try NeuronRecord($0)
        }
        guard !records.isEmpty else {
            throw ValidationError("--features: none of the run's features is among them.")
        }
        try ExportFile.write(records.map { $0.json.text + "\n" }.joined(), to: out)
    }
}
