"""What every measure shares: the laboratory, the processes in it, and the tables that come out."""
