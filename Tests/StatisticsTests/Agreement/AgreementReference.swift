import Foundation
import Statistics

/// What krippendorff and statsmodels compute; `Fixtures/make_agreement_fixtures.py` writes it.
struct AgreementReference: Decodable {
    struct Table: Decodable {
        let ratings: [[Double?]]
        let alpha: [String: Double?]
        let cohen: [String: Double]?
        let fleiss: Double?
    }

    let tables: [Table]

    static func load() throws -> AgreementReference {
        let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/agreement.json")
        return try JSONDecoder().decode(AgreementReference.self, from: Data(contentsOf: url))
    }
}
