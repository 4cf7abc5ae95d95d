import Statistics
import Testing

/// Our figures and those of the Python packages on the same 240 tables.
@Suite struct AgreementParityTests {
    @Test func alphaIsThatOfThePackage() throws {
        var (compared, undefined) = (0, 0)
        for table in try AgreementReference.load().tables {
            let ours = try RatingTable(numbers: table.ratings)
            for metric in KrippendorffAlpha.Metric.allCases {
                if let expected = try #require(table.alpha[metric.rawValue]) {
                    let value = try ours.agreement(.krippendorffAlpha(metric))
                    #expect(abs(value - expected) < 1e-9)
                    compared += 1
                } else {
                    #expect(throws: AgreementGap.self) {
                        try ours.agreement(.krippendorffAlpha(metric))
                    }
                    undefined += 1
                }
            }
        }
        #expect(compared > 800)
        #expect(undefined > 50)
    }

    @Test func kappaOfTwoRatersIsThatOfThePackage() throws {
        let tables = try AgreementReference.load().tables.filter { $0.cohen != nil }
        #expect(tables.count >= 80)
        for table in tables {
            let ours = try RatingTable(numbers: table.ratings)
            for weights in CohenKappa.Weights.allCases {
                let expected = try #require(table.cohen?[weights.rawValue])
                #expect(abs(try ours.agreement(.cohenKappa(weights)) - expected) < 1e-9)
            }
        }
    }

    @Test func kappaOfManyRatersIsThatOfThePackage() throws {
        let tables = try AgreementReference.load().tables.filter { $0.fleiss != nil }
        #expect(tables.count >= 70)
        for table in tables {
            let ours = try RatingTable(numbers: table.ratings)
            let expected = try #require(table.fleiss)
            #expect(abs(try ours.agreement(.fleissKappa) - expected) < 1e-9)
        }
    }
}
