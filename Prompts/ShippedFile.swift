/// A file of the set that the program carries inside itself.
struct ShippedFile {
    enum Kind { case opening, followUp, part, schema, sample }

    let path: String
    let kind: Kind
    let bytes: [UInt8]

    private init(_ path: String, _ kind: Kind, _ bytes: [UInt8]) {
        self.path = path
        self.kind = kind
        self.bytes = bytes
    }

    /// What every prompt's system section includes: that fenced text is data.
    static let preamble = "shared/data-preamble.md"

    /// Every file, by path. A new file is named here and in the package's manifest; a test compares
    /// the list with the folder. The build embeds a file under its name without the folder, so no
    /// two files may have the same.
    static let all = [
        ShippedFile("evaluate-text/detection.md", .opening, PackageResources.detection_md),
        ShippedFile(
            "evaluate-text/detection.sample.json", .sample, PackageResources.detection_sample_json),
        ShippedFile(
            "evaluate-text/detection.schema.json", .schema, PackageResources.detection_schema_json),
        ShippedFile("evaluate-text/fuzzing.md", .opening, PackageResources.fuzzing_md),
        ShippedFile(
            "evaluate-text/fuzzing.sample.json", .sample, PackageResources.fuzzing_sample_json),
        ShippedFile(
            "evaluate-text/fuzzing.schema.json", .schema, PackageResources.fuzzing_schema_json),
        ShippedFile("evaluate-text/generation.md", .opening, PackageResources.generation_md),
        ShippedFile(
            "evaluate-text/generation.sample.json", .sample, PackageResources.generation_sample_json
        ),
        ShippedFile(
            "evaluate-text/generation.schema.json", .schema, PackageResources.generation_schema_json
        ),
        ShippedFile("evaluate-text/simulation.md", .opening, PackageResources.simulation_md),
        ShippedFile(
            "evaluate-text/simulation.sample.json", .sample, PackageResources.simulation_sample_json
        ),
        ShippedFile(
            "evaluate-text/simulation.schema.json", .schema, PackageResources.simulation_schema_json
        ),
        ShippedFile("explain-othello/formulas.md", .part, PackageResources.formulas_md),
        ShippedFile("explain-othello/proposer.md", .opening, PackageResources.proposer_md),
        ShippedFile(
            "explain-othello/proposer.sample.json", .sample, PackageResources.proposer_sample_json),
        ShippedFile(
            "explain-othello/proposer.schema.json", .schema, PackageResources.proposer_schema_json),
        ShippedFile("explain-othello/refiner.md", .opening, PackageResources.refiner_md),
        ShippedFile(
            "explain-othello/refiner.sample.json", .sample, PackageResources.refiner_sample_json),
        ShippedFile(
            "explain-othello/refiner.schema.json", .schema, PackageResources.refiner_schema_json),
        ShippedFile("explain-text/analyst.md", .opening, PackageResources.analyst_md),
        ShippedFile(
            "explain-text/analyst.sample.json", .sample, PackageResources.analyst_sample_json),
        ShippedFile(
            "explain-text/analyst.schema.json", .schema, PackageResources.analyst_schema_json),
        ShippedFile("explain-text/concluder.md", .opening, PackageResources.concluder_md),
        ShippedFile(
            "explain-text/concluder.sample.json", .sample, PackageResources.concluder_sample_json),
        ShippedFile(
            "explain-text/concluder.schema.json", .schema, PackageResources.concluder_schema_json),
        ShippedFile("explain-text/designer.md", .opening, PackageResources.designer_md),
        ShippedFile(
            "explain-text/designer.sample.json", .sample, PackageResources.designer_sample_json),
        ShippedFile(
            "explain-text/designer.schema.json", .schema, PackageResources.designer_schema_json),
        ShippedFile("explain-text/explainer.md", .opening, PackageResources.explainer_md),
        ShippedFile(
            "explain-text/explainer.sample.json", .sample, PackageResources.explainer_sample_json),
        ShippedFile(
            "explain-text/explainer.schema.json", .schema, PackageResources.explainer_schema_json),
        ShippedFile("explain-text/reviewer.md", .opening, PackageResources.reviewer_md),
        ShippedFile(
            "explain-text/reviewer.sample.json", .sample, PackageResources.reviewer_sample_json),
        ShippedFile(
            "explain-text/reviewer.schema.json", .schema, PackageResources.reviewer_schema_json),
        ShippedFile("explain-text/rules.md", .part, PackageResources.rules_md),
        ShippedFile("mine-text/annotator.md", .opening, PackageResources.annotator_md),
        ShippedFile(
            "mine-text/annotator.sample.json", .sample, PackageResources.annotator_sample_json),
        ShippedFile(
            "mine-text/annotator.schema.json", .schema, PackageResources.annotator_schema_json),
        ShippedFile("mine-text/contraster.md", .opening, PackageResources.contraster_md),
        ShippedFile(
            "mine-text/contraster.sample.json", .sample, PackageResources.contraster_sample_json),
        ShippedFile(
            "mine-text/contraster.schema.json", .schema, PackageResources.contraster_schema_json),
        ShippedFile("mine-text/expressions.md", .part, PackageResources.expressions_md),
        ShippedFile("mine-text/features.md", .part, PackageResources.features_md),
        ShippedFile("mine-text/formalizer.md", .opening, PackageResources.formalizer_md),
        ShippedFile(
            "mine-text/formalizer.sample.json", .sample, PackageResources.formalizer_sample_json),
        ShippedFile(
            "mine-text/formalizer.schema.json", .schema, PackageResources.formalizer_schema_json),
        ShippedFile("mine-text/personas.md", .opening, PackageResources.personas_md),
        ShippedFile(
            "mine-text/personas.sample.json", .sample, PackageResources.personas_sample_json),
        ShippedFile(
            "mine-text/personas.schema.json", .schema, PackageResources.personas_schema_json),
        ShippedFile("mine-text/reflector.md", .opening, PackageResources.reflector_md),
        ShippedFile(
            "mine-text/reflector.sample.json", .sample, PackageResources.reflector_sample_json),
        ShippedFile(
            "mine-text/reflector.schema.json", .schema, PackageResources.reflector_schema_json),
        ShippedFile("mine-text/repairer.md", .opening, PackageResources.repairer_md),
        ShippedFile(
            "mine-text/repairer.sample.json", .sample, PackageResources.repairer_sample_json),
        ShippedFile(
            "mine-text/repairer.schema.json", .schema, PackageResources.repairer_schema_json),
        ShippedFile("mine-text/task.md", .part, PackageResources.task_md),
        ShippedFile(preamble, .part, PackageResources.data_preamble_md),
        ShippedFile("shared/repair.md", .followUp, PackageResources.repair_md),
        ShippedFile("shared/repair.sample.json", .sample, PackageResources.repair_sample_json),
    ]

    static func paths(_ kind: Kind) -> [String] {
        all.filter { $0.kind == kind }.map(\.path)
    }

    /// What a user may replace: all but the samples, which say what values the program supplies.
    static var replaceable: [String] { all.filter { $0.kind != .sample }.map(\.path) }
}
