// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]
/// Kernels are optimised in debug builds too: SIMD code without the optimiser is over 150 times slower.
let kernel: [SwiftSetting] = strict + [.unsafeFlags(["-O"])]

func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = strict
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func suite(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [])
    -> Target
{
    .testTarget(
        name: name + "Tests", dependencies: dependencies, resources: resources,
        swiftSettings: strict)
}

let package = Package(
    name: "conjecture",
    products: [.executable(name: "conjecture", targets: ["conjecture"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CSpawn"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        module("Digests", settings: kernel),
        module("HTTP", ["CCurl"]),
        module("Serving"),
        module("JSON", settings: kernel),
        module("LinearAlgebra", ["COpenBLAS"], settings: kernel),
        module("Statistics", ["LinearAlgebra"], settings: kernel),
        module("Tracing", ["HTTP", "JSON"]),
        module("Games", ["LinearAlgebra"], settings: kernel),
        module("Rows", ["Digests", "JSON"], settings: kernel),
        module("Subjects", ["CZlib", "Digests", "JSON", "LinearAlgebra"], settings: kernel),
        module("Texts", ["LinearAlgebra"], settings: kernel),
        module("Tokenizers", ["JSON"], settings: kernel),
        module(
            "Instruments",
            ["CZlib", "Digests", "HTTP", "JSON", "LinearAlgebra", "Subjects", "Tokenizers"],
            settings: kernel),
        module(
            "Exemplars", ["Digests", "Instruments", "JSON", "LinearAlgebra", "Subjects"],
            settings: kernel),
        module(
            "Dictionaries",
            [
                "Digests", "Exemplars", "Games", "Instruments", "JSON", "LinearAlgebra", "Rows",
                "Statistics", "Subjects", "Texts",
            ],
            settings: kernel),
        .target(
            name: "Memory",
            dependencies: ["Digests", .product(name: "GRDB", package: "GRDB.swift")],
            path: "Memory",
            resources: [
                .embedInCode("Migrations/0001-journal.sql"),
                .embedInCode("Migrations/0002-experience.sql"),
                .embedInCode("Migrations/0003-model-calls.sql"),
                .embedInCode("Migrations/0004-reviews.sql"),
            ],
            swiftSettings: strict),
        .target(
            name: "Prompts", dependencies: ["Digests", "JSON"], path: "Prompts",
            resources: [
                .embedInCode("evaluate-text/detection.md"),
                .embedInCode("evaluate-text/detection.sample.json"),
                .embedInCode("evaluate-text/detection.schema.json"),
                .embedInCode("evaluate-text/fuzzing.md"),
                .embedInCode("evaluate-text/fuzzing.sample.json"),
                .embedInCode("evaluate-text/fuzzing.schema.json"),
                .embedInCode("evaluate-text/generation.md"),
                .embedInCode("evaluate-text/generation.sample.json"),
                .embedInCode("evaluate-text/generation.schema.json"),
                .embedInCode("evaluate-text/simulation.md"),
                .embedInCode("evaluate-text/simulation.sample.json"),
                .embedInCode("evaluate-text/simulation.schema.json"),
                .embedInCode("explain-othello/formulas.md"),
                .embedInCode("explain-othello/proposer.md"),
                .embedInCode("explain-othello/proposer.sample.json"),
                .embedInCode("explain-othello/proposer.schema.json"),
                .embedInCode("explain-othello/refiner.md"),
                .embedInCode("explain-othello/refiner.sample.json"),
                .embedInCode("explain-othello/refiner.schema.json"),
                .embedInCode("explain-text/analyst.md"),
                .embedInCode("explain-text/analyst.sample.json"),
                .embedInCode("explain-text/analyst.schema.json"),
                .embedInCode("explain-text/concluder.md"),
                .embedInCode("explain-text/concluder.sample.json"),
                .embedInCode("explain-text/concluder.schema.json"),
                .embedInCode("explain-text/designer.md"),
                .embedInCode("explain-text/designer.sample.json"),
                .embedInCode("explain-text/designer.schema.json"),
                .embedInCode("explain-text/explainer.md"),
                .embedInCode("explain-text/explainer.sample.json"),
                .embedInCode("explain-text/explainer.schema.json"),
                .embedInCode("explain-text/reviewer.md"),
                .embedInCode("explain-text/reviewer.sample.json"),
                .embedInCode("explain-text/reviewer.schema.json"),
                .embedInCode("explain-text/rules.md"),
                .embedInCode("mine-text/annotator.md"),
                .embedInCode("mine-text/annotator.sample.json"),
                .embedInCode("mine-text/annotator.schema.json"),
                .embedInCode("mine-text/contraster.md"),
                .embedInCode("mine-text/contraster.sample.json"),
                .embedInCode("mine-text/contraster.schema.json"),
                .embedInCode("mine-text/expressions.md"),
                .embedInCode("mine-text/features.md"),
                .embedInCode("mine-text/formalizer.md"),
                .embedInCode("mine-text/formalizer.sample.json"),
                .embedInCode("mine-text/formalizer.schema.json"),
                .embedInCode("mine-text/personas.md"),
                .embedInCode("mine-text/personas.sample.json"),
                .embedInCode("mine-text/personas.schema.json"),
                .embedInCode("mine-text/reflector.md"),
                .embedInCode("mine-text/reflector.sample.json"),
                .embedInCode("mine-text/reflector.schema.json"),
                .embedInCode("mine-text/repairer.md"),
                .embedInCode("mine-text/repairer.sample.json"),
                .embedInCode("mine-text/repairer.schema.json"),
                .embedInCode("mine-text/task.md"),
                .embedInCode("shared/data-preamble.md"),
                .embedInCode("shared/repair.md"),
                .embedInCode("shared/repair.sample.json"),
            ],
            swiftSettings: strict),
        .target(
            name: "Tools", dependencies: ["CSpawn", "Digests", "JSON", "Statistics"], path: "Tools",
            exclude: ["activation_server"],
            resources: [
                .embedInCode("Lexicons/people.txt"),
                .embedInCode("Lexicons/sentiment.txt"),
                .embedInCode("Lexicons/stance.txt"),
                .embedInCode("Lexicons/subject-matter.txt"),
                .embedInCode("Sandbox/runner.py"),
                .embedInCode("Standard/patterns.txt"),
                .embedInCode("Standard/standard-tools.json"),
            ],
            swiftSettings: kernel),
        module(
            "LanguageModels",
            [
                "Digests", "HTTP", "JSON", "Tracing",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ]),
        module(
            "Inquiry",
            [
                "Digests", "JSON", "LanguageModels", "LinearAlgebra", "Memory", "Statistics",
                "Tracing",
            ]),
        module(
            "Consulting", ["Inquiry", "JSON", "LanguageModels", "Memory", "Prompts"]),
        module(
            "Explaining",
            [
                "Consulting", "Digests", "Exemplars", "Games", "Inquiry", "Instruments", "JSON",
                "LanguageModels", "LinearAlgebra", "Memory", "Prompts", "Statistics", "Subjects",
                "Texts",
            ],
            settings: kernel),
        module(
            "Mining",
            [
                "Consulting", "Dictionaries", "Digests", "Inquiry", "Instruments", "LanguageModels",
                "LinearAlgebra", "Memory", "Prompts", "Rows", "Statistics", "Tools",
            ], settings: kernel),
        module("Reporting", ["Dictionaries", "Games", "Inquiry", "Statistics"]),
        .target(
            name: "Reviewing",
            dependencies: [
                "Digests", "Games", "Inquiry", "JSON", "LinearAlgebra", "Memory", "Reporting",
                "Serving", "Statistics",
            ],
            resources: [
                .embedInCode("Pages/review.css"),
                .embedInCode("Pages/review.js"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "conjecture",
            dependencies: [
                "Consulting", "Dictionaries", "Digests", "Exemplars", "Explaining", "Games", "HTTP",
                "Inquiry",
                "Instruments", "JSON", "LanguageModels", "LinearAlgebra", "Memory", "Mining",
                "Prompts",
                "Reporting", "Reviewing",
                "Rows", "Statistics", "Subjects", "Texts",
                "Tracing",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),

        .executableTarget(
            name: "activations-benchmark", dependencies: ["Subjects", "LinearAlgebra"],
            path: "Benchmarks/activations", swiftSettings: strict),
        .executableTarget(
            name: "exemplars-benchmark",
            dependencies: [
                "Exemplars", "Instruments", "LinearAlgebra", "SubjectMaterial", "Subjects",
            ],
            path: "Benchmarks/exemplars", swiftSettings: strict),
        .executableTarget(
            name: "models-benchmark", dependencies: ["Subjects", "LinearAlgebra"],
            path: "Benchmarks/models", swiftSettings: strict),
        .executableTarget(
            name: "readers-fuzz", dependencies: ["ReaderFuzzing"], path: "Benchmarks/fuzz",
            swiftSettings: strict),
        .executableTarget(
            name: "requests-benchmark",
            dependencies: [
                "HTTP", "Inquiry", "LanguageModels", "Memory",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/requests", swiftSettings: strict),
        .executableTarget(
            name: "review-benchmark",
            dependencies: [
                "HTTP", "Inquiry", "JSON", "LinearAlgebra", "Memory", "Reviewing",
            ],
            path: "Benchmarks/review", swiftSettings: strict),
        .executableTarget(
            name: "schema-benchmark",
            dependencies: [
                "HTTP", "JSON", "LanguageModels", "Prompts",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/schema", swiftSettings: strict),
        .executableTarget(
            name: "selection-benchmark", dependencies: ["LinearAlgebra", "Statistics"],
            path: "Benchmarks/selection", swiftSettings: strict),
        .executableTarget(
            name: "tokenizers-benchmark", dependencies: ["Tokenizers"],
            path: "Benchmarks/tokenize", swiftSettings: strict),
        .executableTarget(
            name: "tools-benchmark", dependencies: ["JSON", "Tools"], path: "Benchmarks/tools",
            swiftSettings: strict),
        .executableTarget(
            name: "training-benchmark", dependencies: ["Dictionaries", "LinearAlgebra"],
            path: "Benchmarks/training", swiftSettings: strict),

        .target(
            name: "ReaderFuzzing", dependencies: ["LinearAlgebra", "Subjects", "Tokenizers"],
            path: "Tests/ReaderFuzzing", swiftSettings: kernel),
        .target(name: "ScriptedServer", path: "Tests/ScriptedServer", swiftSettings: strict),
        .target(
            name: "BrowserDriver", dependencies: ["CSpawn", "JSON"], path: "Tests/BrowserDriver",
            swiftSettings: strict),
        .target(
            name: "LiteLLMServer", dependencies: ["HTTP"], path: "Tests/LiteLLMServer",
            swiftSettings: strict),
        .target(
            name: "SubjectMaterial", dependencies: ["LinearAlgebra"],
            path: "Tests/SubjectMaterial", swiftSettings: strict),
        suite("BrowserDriver", ["BrowserDriver", "JSON", "ScriptedServer"]),
        suite("Digests", ["Digests"]),
        suite(
            "Dictionaries",
            [
                "Dictionaries", "Digests", "Exemplars", "Games", "Instruments", "JSON",
                "LinearAlgebra", "Statistics", "SubjectMaterial", "Subjects", "Texts",
            ], resources: [.copy("Fixtures")]),
        suite("HTTP", ["HTTP", "ScriptedServer"]),
        suite("Serving", ["HTTP", "Serving"]),
        suite("Tracing", ["HTTP", "JSON", "ScriptedServer", "Tracing"]),
        suite("JSON", ["JSON", "LinearAlgebra"], resources: [.copy("Fixtures")]),
        suite("LinearAlgebra", ["LinearAlgebra"]),
        suite("Statistics", ["Statistics", "LinearAlgebra"], resources: [.copy("Fixtures")]),
        suite("Games", ["Games", "LinearAlgebra"], resources: [.copy("Fixtures")]),
        suite("Rows", ["Digests", "JSON", "LinearAlgebra", "Rows"]),
        suite("Texts", ["LinearAlgebra", "SubjectMaterial", "Texts"]),
        suite("Memory", ["Memory", .product(name: "GRDB", package: "GRDB.swift")]),
        suite(
            "LanguageModels",
            [
                "Digests", "HTTP", "JSON", "LanguageModels", "LinearAlgebra", "LiteLLMServer",
                "ScriptedServer", .product(name: "Logging", package: "swift-log"),
            ]),
        suite("Tools", ["Digests", "JSON", "LinearAlgebra", "Statistics", "Tools"]),
        suite("Prompts", ["Digests", "JSON", "LinearAlgebra", "Prompts"]),
        suite(
            "Inquiry",
            [
                "HTTP", "Inquiry", "JSON", "LanguageModels", "LinearAlgebra", "Memory",
                "ScriptedServer", "Statistics",
                .product(name: "Logging", package: "swift-log"),
            ]),
        suite(
            "Mining",
            [
                "Digests", "Inquiry", "LinearAlgebra", "Memory", "Mining", "Rows", "Statistics",
                "SubjectMaterial", "Tools",
            ]),
        suite("Reporting", ["Dictionaries", "Inquiry", "Reporting", "Statistics"]),
        suite(
            "Reviewing",
            [
                "BrowserDriver", "Digests", "HTTP", "Inquiry", "JSON", "LinearAlgebra", "Memory",
                "Reviewing", "ScriptedServer", "Serving", "Statistics",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        suite(
            "Explaining",
            [
                "Consulting", "Digests", "Explaining", "Games", "HTTP", "Inquiry", "Instruments",
                "JSON", "LanguageModels", "LinearAlgebra", "Memory", "Prompts", "ScriptedServer",
                "Statistics", "SubjectMaterial", "Texts",
                .product(name: "Logging", package: "swift-log"),
            ]),
        suite(
            "Conjecture",
            [
                "BrowserDriver", "conjecture", "Digests", "Games", "Inquiry", "Instruments", "JSON",
                "LinearAlgebra", "LiteLLMServer", "Memory", "Reviewing", "ScriptedServer",
                "SubjectMaterial",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        suite(
            "Subjects", ["LinearAlgebra", "ReaderFuzzing", "SubjectMaterial", "Subjects"],
            resources: [.copy("Fixtures")]),
        suite("ReaderFuzzing", ["ReaderFuzzing"]),
        suite("Tokenizers", ["JSON", "Tokenizers"], resources: [.copy("Fixtures")]),
        suite(
            "Instruments",
            [
                "Digests", "HTTP", "Instruments", "JSON", "LinearAlgebra", "ScriptedServer",
                "SubjectMaterial", "Subjects",
            ]),
        suite(
            "Exemplars",
            [
                "Digests", "Exemplars", "Instruments", "JSON", "LinearAlgebra", "SubjectMaterial",
                "Subjects",
            ]),
    ]
)
