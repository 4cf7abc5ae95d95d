import Foundation
import JSON
import Testing

@Suite struct SweepCommandTests {
    private let example = Program.root.appendingPathComponent("Examples/othello").path

    private func arguments(_ series: [String]) -> [String] {
        [
            "train-sae", example, "--games", "400", "--hook", "blocks.3.hook_resid_post",
            "--latents", "32", "--tokens", "6000", "--batch", "300", "--evaluation-games", "40",
            "--out", "sweep", "--sweep",
        ] + series
    }

    @Test func trainsComparesAndGoesOn() async throws {
        let scratch = try Scratch()
        let series = ["topk:2,4", "topk+whitened:2,4", "standard:0.1"]
        let made = try await Program.run(arguments(series), in: scratch.folder)
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.output.contains("random: topk"))
        #expect(made.output.contains("linear probe"))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path("sweep/sweep.json")))
        let record = try JSONValue(parsing: String(decoding: bytes, as: UTF8.self))
        let dictionaries = record["dictionaries"]?.array ?? []
        #expect(
            dictionaries.compactMap { $0["name"]?.string } == [
                "topk-2", "topk-4", "topk+whitened-2", "topk+whitened-4", "standard-0.1",
            ])
        for dictionary in dictionaries + (record["random_model"]?.array ?? []) {
            let figures = dictionary["evaluation"]?["figures"]
            for name in ["l0", "explained_variance", "coverage", "loss_recovered_zero_ablation"] {
                #expect(figures?[name]?["value"]?.number != nil, "\(name)")
            }
        }
        #expect(
            try String(contentsOfFile: scratch.path("sweep/sweep.html"), encoding: .utf8)
                .contains("At the same L0"))

        // What is there is not trained again, and what is measured again comes out the same.
        try FileManager.default.removeItem(atPath: scratch.path("sweep/topk-4"))
        let refused = try await Program.run(arguments(series), in: scratch.folder)
        #expect(refused.status != 0 && refused.errors.contains("--resume"), "\(refused.errors)")
        let other = try await Program.run(
            arguments(series + ["gated:0.1"]) + ["--resume"], in: scratch.folder)
        #expect(other.status != 0 && other.errors.contains("another sweep"), "\(other.errors)")
        let again = try await Program.run(arguments(series) + ["--resume"], in: scratch.folder)
        #expect(again.status == 0, "\(again.errors)")
        let resumed = try JSONValue(
            parsing: String(
                decoding: try Data(
                    contentsOf: URL(fileURLWithPath: scratch.path("sweep/sweep.json"))),
                as: UTF8.self))
        #expect(resumed["dictionaries"] == record["dictionaries"])
    }

    @Test(arguments: [
        (["sparse:4"], "one of standard"), (["topk:64"], "which is 32"), (["topk"], "written as"),
    ])
    func namesASeriesThatItCannotTrain(_ series: [String], _ reason: String) async throws {
        let scratch = try Scratch()
        let result = try await Program.run(arguments(series), in: scratch.folder)
        #expect(result.status == 2)
        #expect(result.errors.contains(reason), "\(result.errors)")
    }
}
