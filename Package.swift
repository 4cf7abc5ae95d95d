// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]
/// Kernels are optimised in debug builds too: SIMD code without the optimiser is over 150 times slower.
let kernel: [SwiftSetting] = strict + [.unsafeFlags(["-O"])]

func module(_ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = strict) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func suite(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "conjecture",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        module("Digests", settings: kernel),
        module("LinearAlgebra", ["COpenBLAS"], settings: kernel),
        module("Statistics", ["LinearAlgebra"]),
        module("Games", ["LinearAlgebra"], settings: kernel),
        module("Subjects", ["Digests", "LinearAlgebra"], settings: kernel),

        .executableTarget(
            name: "activations-benchmark", dependencies: ["Subjects", "LinearAlgebra"],
            path: "Benchmarks/activations", swiftSettings: strict),

        suite("Digests", ["Digests"]),
        suite("LinearAlgebra", ["LinearAlgebra"]),
        suite("Statistics", ["Statistics", "LinearAlgebra"]),
        suite("Games", ["Games", "LinearAlgebra"]),
        suite("Subjects", ["Subjects", "LinearAlgebra"], resources: [.copy("Fixtures")]),
    ]
)
