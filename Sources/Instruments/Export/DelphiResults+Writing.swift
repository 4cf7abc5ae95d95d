import Foundation
import JSON

extension DelphiResults {
    /// Writes the folders `explanations` and `scores` as delphi does.
    ///
    /// - Parameter folder: made if it is not there; files of the same names are replaced.
    public func write(to folder: String) throws(InstrumentError) {
        for (latent, text) in explanations {
            try Self.write(.string(text), latent, to: folder + "/explanations")
        }
        for (scorer, latents) in scores {
            guard !scorer.isEmpty, !scorer.hasPrefix("."), !scorer.contains("/") else {
                throw .badName(scorer, reason: "a scorer names a folder")
            }
            for (latent, verdicts) in latents {
                try Self.write(
                    .array(verdicts.map(\.json)), latent, to: "\(folder)/scores/\(scorer)")
            }
        }
    }

    private static func write(
        _ value: JSONValue, _ latent: DelphiLatent, to folder: String
    ) throws(InstrumentError) {
        try ExportFile.write(value.text, to: "\(folder)/\(latent.fileName)")
    }
}
