import Foundation
import JSON
import Testing

@Suite struct JSONSchemaTests {
    /// Cases and answers of the Python package jsonschema; see Fixtures/make_schemas.py.
    @Test func agreesWithTheReferenceValidator() throws {
        let url = try #require(
            Bundle.module.url(
                forResource: "schemas", withExtension: "json", subdirectory: "Fixtures"))
        let cases = try #require(JSONValue(parsing: Array(Data(contentsOf: url))).array)
        #expect(cases.count >= 300)
        for example in cases {
            let schema = try JSONSchema(try #require(example["schema"]))
            let faults = schema.faults(in: try #require(example["value"]))
            #expect(faults.isEmpty == example["valid"]?.bool, "\(example.text): \(faults)")
        }
    }

    @Test(arguments: [
        #"{"type":"text"}"#, #"{"pattern":"a+"}"#, #"{"properties":[]}"#, #"{"anyOf":[]}"#,
        ##"{"$ref":"#/$defs/none"}"##, #"{"$ref":"https://elsewhere/x"}"#, #"{"required":"a"}"#,
        #"{"minItems":-1}"#, #"{"items":{"properties":{"a":{"if":true}}}}"#, "3",
    ])
    func refusesASchemaItWouldNotCheckInFull(text: String) throws {
        #expect(throws: SchemaError.self) { try JSONSchema(JSONValue(parsing: text)) }
    }

    @Test func saysWhereAndWhy() throws {
        let schema = try JSONSchema([
            "type": "object", "required": ["hypotheses"], "additionalProperties": false,
            "properties": [
                "hypotheses": [
                    "type": "array",
                    "items": ["type": "object", "properties": ["formula": ["type": "string"]]],
                ]
            ],
        ])
        let value: JSONValue = [
            "hypotheses": [["formula": "a"], ["formula": 3]], "status": "supported",
        ]
        #expect(
            schema.faults(in: value).map(\.description) == [
                "$.hypotheses[1].formula: must be string, not 3",
                "$.status: is not among the allowed names",
            ])
    }

    @Test func endsOnASchemaThatRefersToItselfWithoutEnd() throws {
        let schema = try JSONSchema(["anyOf": [["$ref": "#"], ["$ref": "#"]]])
        #expect(!schema.faults(in: 1).isEmpty)
    }
}
