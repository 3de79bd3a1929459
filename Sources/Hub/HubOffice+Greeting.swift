import HubStore
import Review
import Sync

extension HubOffice {
    /// Who this hub is.
    package var shown: Shown {
        Shown(
            [
                "hub": .string(store.hubID), "epoch": .string((try? store.hub().epoch) ?? ""),
                "root": sha256(keys.root).json, "data": .string(folder.path),
            ],
            [
                "hub \(store.hubID) in \(folder.path)",
                "keep a copy of \(folder.file("root.key")) offline: with it a lost hub is rebuilt "
                    + "(`countersign-hub rebuild`)",
            ]
        )
    }

    /// What `serve` says as JSON once it listens.
    package func listening(on url: String) -> String {
        JSON.object([
            "listening": .string(url), "hub": .string(store.hubID),
            "next": .strings((try? nextSteps) ?? []),
        ]).canonical
    }

    /// The three commands that get a hub further from where it is, without the program's name.
    package var nextSteps: [String] {
        get throws {
            let held = try store.read(Wanted())
            if held.workflows.isEmpty {
                return [
                    "policy activate FILE --by NAME", "reviewer add NAME", "reviewer token NAME",
                ]
            }
            if held.roster.reviewers.isEmpty {
                return ["reviewer add NAME", "reviewer token NAME", "intake FILE"]
            }
            return ["intake FILE", "queue", "outcomes"]
        }
    }
}
