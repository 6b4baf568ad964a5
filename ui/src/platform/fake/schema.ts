// The schema of rule files, as the owner answers it.

import answered from "../../api/RuleSchema.json";
import type { Schema } from "../../editor/schema";

/** The schema. */
export const schema = answered as unknown as Schema;
