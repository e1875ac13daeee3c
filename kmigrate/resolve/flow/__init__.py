"""What flows where: operations on tensors of the graph, where they end, and what their tensors look like."""
